"""Sends a capture's requests to a server again, with what the server gives out in the places of what was given out."""
