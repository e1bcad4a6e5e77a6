"""What is told of a project whose record is damaged in places."""

from collections.abc import Sequence
from pathlib import Path

from endodesk.app.language import marked, tr
from endodesk.data.database import Database
from endodesk.data.proven_rows import RowKind

_WORDS = {
    RowKind.LABEL: marked("some labels or marks"),
    RowKind.CONCLUSION: marked("some conclusions"),
    RowKind.FILE: marked("what was known of some files"),
    RowKind.MERGE: marked("some frames joined by hand"),
    RowKind.MODEL: marked("some models (read again from their folders where these are whole)"),
    RowKind.OUTLINE: marked("some outlines drawn by hand"),
    RowKind.SETTING: marked("some of the project's settings"),
    RowKind.STEP: marked("some steps for Undo"),
    RowKind.TIME: marked("the time of some labels or conclusions (they stand with the year 1970)"),
}


def damage_news(database: Database) -> list[str]:
    """A sentence on rows of the project's file that were left out since this was last asked, if any were."""
    kinds = database.damage.take_news()
    return [_told(kinds, database.path)] if kinds else []


def _told(kinds: Sequence[RowKind], file: Path) -> str:
    words = tr(
        "The file {file} is damaged in places. What cannot be read in it was left out: {kinds}. All else is as it was, and nothing was "
        "removed from the file. If you have a backup copy from before the damage, close EndoDesk and put it in its place."
    )
    return words.format(file=file, kinds=", ".join(tr(_WORDS[kind]) for kind in kinds))
