"""The agents' desk: the right card in seconds, while the customer waits."""
