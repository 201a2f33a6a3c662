"""What the modern side sends to the gateway by itself."""
