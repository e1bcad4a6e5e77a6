"""Memory: SQLite through SQLAlchemy 2 and Alembic. Rows never leave this folder; domain objects do."""
