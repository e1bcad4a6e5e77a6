"""Run by Alembic for every command. The connection is given, with its transaction open; logging is left alone."""

from alembic import context

from endodesk.data.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
