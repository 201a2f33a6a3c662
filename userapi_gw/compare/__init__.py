"""Compares answers: first byte by byte, then position by position, each named by what it means."""
