"""The printing press: frozen values in, bytes out. Imports nothing of lessons."""
