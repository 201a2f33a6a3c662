"""What servers answer, and what the backend makes of it."""
