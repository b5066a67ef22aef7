"""News: what is new on the floor, the topic in focus, what competitors offer."""
