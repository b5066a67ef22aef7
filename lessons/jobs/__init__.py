"""Long work that people asked for: how far it is, what came of it, and the file that was made."""
