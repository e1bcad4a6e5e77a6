"""SettingStore: what the project remembers of its user's choices."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from endodesk.data.chain.writing import BEFORE_CHOICE, CENTRE, CLASSES, MODEL, PLAN, RULE, ActNote, chain_of
from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.schema import SETTINGS
from endodesk.domain.label_set import LabelSet
from endodesk.domain.presets import FIRST_CLASSES

T = TypeVar("T")
KNOWN_SETTINGS = frozenset({
    "blind_first", "case_rule", "centres", "centres_told", "classes", "fit_frames", "fit_told", "grouping", "hash_rule",
    "last_frame", "last_run", "learn_along", "model_words", "names_hidden", "own_labels", "promotion_rule", "read_plan", "reader",
    "shown_frames", "source", "spellings_told", "synthetic", "trained_to",
})  # fmt: skip
"""All that this program keeps."""
READ_PLAN, CENTRES = "read_plan", "centres"
FIT_FRAMES, FIT_TOLD = "fit_frames", "fit_told"
PROMOTION_RULE, MODEL_WORDS, LEARN_ALONG = "promotion_rule", "model_words", "learn_along"
_ACTS = {CLASSES: CLASSES, READ_PLAN: PLAN, PROMOTION_RULE: RULE, MODEL_WORDS: MODEL, CENTRES: CENTRE}
"""Settings that are acts of a reader, each with the kind of its event in the chain."""


class SettingStore:
    """Settings by key. Values are JSON: tuples come back as lists, keys of mappings as text."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or `default` if it was never set (None is a value) or is damaged."""
        return self.read(key, lambda value: value, default)

    def read(self, key: str, build: Callable[[Any], T], default: T) -> T:
        """What `build` makes of the value; `default` if it was never set, is damaged, or `build` refuses it as one of DAMAGED."""
        with self._connections.read() as connection:
            return read_in(connection, key, build, default)

    def label_set(self) -> LabelSet:
        """The project's classes, as `label_set_in`."""
        with self._connections.read() as connection:
            return label_set_in(connection)

    def has(self, key: str) -> bool:
        """Whether the setting was ever set, whatever it says."""
        with self._connections.read() as connection:
            return connection.scalar(select(SETTINGS.c.key).where(SETTINGS.c.key == key)) is not None

    def unknown(self) -> list[str]:
        """Names of what no version of this program keeps, by letter; nothing reads it."""
        query = select(SETTINGS.c.key).where(SETTINGS.c.key.not_in(KNOWN_SETTINGS)).order_by(SETTINGS.c.key)
        with self._connections.read() as connection:
            return list(read_rows(connection, query, lambda row: text_of(row.key), RowKind.SETTING))

    def set(self, key: str, value: Any, *, reader: str = "", told: Mapping[str, Any] | None = None) -> None:
        """Keep a value of KNOWN_SETTINGS. TypeError or ValueError if it is none, or JSON has no form for it.

        The `reader` who chose it is on record where choosing is an act: of classes, a read plan, the rule for new models, words on
        a model, the centre of frames; and with it the value, or what is `told` in its place.
        """
        with self._connections.write() as connection:
            keep(connection, key, value, reader, told)


def label_set_in(connection: Connection) -> LabelSet:
    """The project's classes: the paper's three and normal until others were chosen. The caller holds the transaction."""
    return read_in(connection, CLASSES, label_set_of, label_set_of(None))


def label_set_of(value: Any) -> LabelSet:
    """The classes that a setting names; None, where none were ever chosen, names the first. TypeError, ValueError, or BadRequest."""
    return LabelSet.of(FIRST_CLASSES) if value is None else LabelSet.from_json(value)


def read_in(connection: Connection, key: str, build: Callable[[Any], T], default: T) -> T:
    """As `SettingStore.read`. The caller holds the transaction."""
    query = select(SETTINGS.c.value).where(SETTINGS.c.key == key)
    found = list(read_rows(connection, query, lambda row: build(json.loads(row.value)), RowKind.SETTING))
    return found[0] if found else default


def text_of(value: Any) -> str:
    """A setting that is a text, of which names of files may be made; TypeError or ValueError if it is none."""
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r:.80}")
    if "\0" in value:
        raise ValueError("a text with a zero byte in it")
    return value


def keep(connection: Connection, key: str, value: Any, reader: str = "", told: Mapping[str, Any] | None = None) -> None:
    """Store one setting, as `SettingStore.set`. The caller holds the transaction, so that it stands or falls with what else is written."""
    if key not in KNOWN_SETTINGS:
        raise ValueError(f"{key!r} is no setting of a project")
    before = read_in(connection, key, lambda kept: kept, None) if key == CLASSES else None
    row = insert(SETTINGS).values(key=key, value=json.dumps(value, allow_nan=False))  # NaN is Python's own, not JSON's
    connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": row.excluded.value}))
    if (kind := _ACTS.get(key)) and (chain := chain_of(connection)):
        chosen = told or {kind: value} | ({BEFORE_CHOICE: before} if key == CLASSES else {})
        chain.append(ActNote(kind, reader, told=chosen))
