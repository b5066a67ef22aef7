"""Hebrew and English words to an index and back."""
