"""The data set as it was: what the record held at a time, or what one reader said."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select

from endodesk.data.acts.standing_words import StandingWords, read_standing
from endodesk.data.chain.moment import Cut
from endodesk.data.conclusion_store import conclusions_of
from endodesk.data.override_store import overrides_of, read_overrides
from endodesk.data.schema import CONCLUSIONS, CORRECTIONS, OVERRIDES, REVOCATIONS
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.overrides import Overrides


@dataclass(frozen=True, slots=True)
class DataSet:
    """What stood: of each frame the words of its readers, of each case the conclusion, and what was drawn."""

    words: StandingWords
    """The newest of each reader and kind."""
    conclusions: Mapping[str, Conclusion]
    overrides: Overrides


def data_set(connection: Connection, cut: Cut, reader: str = "") -> DataSet:
    """What the record held, of the rows of a cut, by all readers, or by the one who is named."""

    def said(table: Table) -> ColumnElement[bool]:
        return and_(cut.holds(table), table.c.reader == reader) if reader else cut.holds(table)

    words = read_standing(connection, said(CORRECTIONS), cut.holds(REVOCATIONS))
    last = select(func.max(CONCLUSIONS.c.id)).where(said(CONCLUSIONS)).group_by(CONCLUSIONS.c.case)
    concluded = {one.case: one for one in conclusions_of(connection, CONCLUSIONS.c.id.in_(last)) if one.text or one.finding}
    about = (OVERRIDES.c.image, OVERRIDES.c.width, OVERRIDES.c.height, OVERRIDES.c.part)
    drawn = select(func.max(OVERRIDES.c.id)).where(said(OVERRIDES)).group_by(*about)
    return DataSet(words, concluded, overrides_of(read_overrides(connection, OVERRIDES.c.id.in_(drawn))))
