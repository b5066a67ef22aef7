"""Telling people: notices, letters made of them, and the channels that carry letters."""
