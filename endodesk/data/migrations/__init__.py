"""How the database came to be as it is: one file a step in `versions/`, numbered; the number is the revision.

Alembic reads these files from disk, so an installer must carry them as files. A migration is frozen: it imports nothing from `schema`,
which goes on changing.
"""
