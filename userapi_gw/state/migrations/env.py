"""Runs schema changes on the connection that `Database.upgrade` hands over, inside its transaction."""

from alembic import context

from userapi_gw.state.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
