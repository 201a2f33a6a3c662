"""The modern shore: one client for every VK-style server, and the typed objects it hands out."""
