"""The room of procedures: the written way of working, its revisions, and how one of them comes into force."""
