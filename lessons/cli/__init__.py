"""`lessons …`: the command line, thin doors over operations and queries."""

from lessons.cli.main import main

__all__ = ["main"]
