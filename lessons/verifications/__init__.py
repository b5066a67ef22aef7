"""The room of verifications: did it work, measured after a watch, by someone who had no hand in it."""
