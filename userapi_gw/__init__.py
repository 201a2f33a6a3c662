"""Answers UserAPI programs of 2008 on data kept by a modern VK-style server."""
