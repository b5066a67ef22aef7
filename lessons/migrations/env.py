"""Alembic's way in: it runs in the connection and transaction that lessons.migrations gives it, and opens none."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
