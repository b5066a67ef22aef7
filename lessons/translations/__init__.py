"""The catalogues of words, one folder a language, and the tools that keep them whole."""
