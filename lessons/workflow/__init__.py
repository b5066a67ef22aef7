"""The process, pure: lives as tables, guards, rights, deadlines. No Flask, no database."""
