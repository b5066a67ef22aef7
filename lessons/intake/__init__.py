"""Loose documents in: files that others wrote, read into our own values."""
