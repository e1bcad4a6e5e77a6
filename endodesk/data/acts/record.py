"""What a project has on record, and what acts from elsewhere are to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from endodesk.data.acts.ordering import MOMENT, Place, placed, to_be_added
from endodesk.data.acts.recorded import RecordedAct, Word, each_once
from endodesk.data.chain.moment import cut_at
from endodesk.data.schema import IMAGES, MODELS
from endodesk.data.setting_store import label_set_in
from endodesk.domain.acts import FIRST_TIME, SAID_OF_FRAMES, Act, ActAbout, ActKey, OtherAct
from endodesk.system.task import TaskContext

_AT_ONCE = 2000
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_OF_PAIRS = frozenset(map(str, (OtherAct.TOGETHER, OtherAct.APART)))
_Group = tuple[ActAbout, str]
"""Acts of which the last one counts: of a frame each reader's own by kind; of cases, pairs and outlines those of all."""


class Verdict(StrEnum):
    """What an act from elsewhere is to a project."""

    NEW = "new"
    SAME = "same"
    """The same act is on record, or, of one without a time, that word of that reader."""
    CONFLICT = "in conflict"
    """Another reader says otherwise here. It is taken in beside that."""
    OLDER = "older"
    """The same reader says otherwise here since. Taken in too, and what is said since holds."""
    TAKEN_BACK = "taken back"
    """The act is on record, and was taken back elsewhere since."""
    GIVEN_AGAIN = "given again"
    """The act is on record, and what was said elsewhere of its taking back is not; it stands by that."""
    DISPUTED = "disputed"
    """The act is on record, and a table without a chain says that another reader took it back: that goes on record, and the act holds."""
    NOT_HERE = "of frames that are not here"
    NOT_TAKEN = "not taken"
    """Which model is active is a project's own."""


FRESH = frozenset({Verdict.NEW, Verdict.CONFLICT, Verdict.OLDER})
ON_RECORD = frozenset({Verdict.TAKEN_BACK, Verdict.GIVEN_AGAIN, Verdict.DISPUTED})
"""The act itself is there, and a word on it is new."""


@dataclass(frozen=True, slots=True)
class JudgedAct:
    """An act from elsewhere, and what it is to the project."""

    act: Act
    verdict: Verdict
    key: ActKey
    """By which the project knows it: with classes as they are called there today."""


@dataclass(frozen=True, slots=True, eq=False)
class ForeignChains:
    """What a label pack holds beside its acts, which then come in the order in which they were done."""

    words: Mapping[ActKey, Sequence[Word]] = field(default_factory=dict)
    """All on each act that was ever taken back."""
    lines: Sequence[str] = ()
    """Its events, proven, which are kept whole."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What is put on record of where they came from: values for JSON."""


class KnownActs:
    """All that is on record before anything is added, and what is to be added to it."""

    def __init__(self, connection: Connection, chains: ForeignChains | None) -> None:
        """`chains` are those of the acts that are judged; None for acts of a table, whose order says nothing."""
        self._chains, self._classes = chains, label_set_in(connection)
        self._known: dict[ActKey, RecordedAct] = {}
        self._untimed: set[tuple[object, ...]] = set()
        self._groups: dict[_Group, list[ActKey]] = defaultdict(list)
        self._about: set[ActAbout] = set()
        self._standing: dict[ActAbout, dict[str, tuple[object, ...]]] = defaultdict(dict)
        for one in each_once(connection, cut_at(connection, None), {}).values():
            key = one.act.in_classes(self._classes).key
            self._known[key] = one
            self._untimed.add(key[:3])
            self._about.add(key[0])
            self._groups[_group(one.act, key)].append(key)
            if one.act.stands:
                self._hold(one.act, key)
        self._frames = set(connection.scalars(select(IMAGES.c.sha256)))
        self.models = set(connection.scalars(select(MODELS.c.id)))

    def __getitem__(self, key: ActKey) -> RecordedAct:
        return self._known[key]

    def _hold(self, act: Act, key: ActKey) -> None:
        held = self._standing[key[0]]
        if act.kind not in SAID_OF_FRAMES:
            held.clear()
        held[act.reader] = key[1]

    # --- judging --------------------------------------------------------------------------------------------------------

    def judge(self, acts: Iterable[Act], task: TaskContext) -> list[JudgedAct]:
        """Each in turn; the same twice counts once."""
        judged: list[JudgedAct] = []
        seen: set[ActKey] = set()
        for done, act in enumerate(acts):
            if done % _AT_ONCE == 0:
                task.report(done, 0)
            key = act.in_classes(self._classes).key
            verdict = self._verdict(act, key) if key not in seen else Verdict.SAME
            if verdict in FRESH:
                self._untimed.add(key[:3])
            seen.add(key)
            judged.append(JudgedAct(act, verdict, key))
        return judged

    def _verdict(self, act: Act, key: ActKey) -> Verdict:
        if act.kind == OtherAct.PROMOTION:
            return Verdict.NOT_TAKEN
        if not self._is_here(act):
            return Verdict.NOT_HERE
        held = self._standing.get(key[0], {})
        if act.at is None and (key[:3] in self._untimed or key[1] in held.values()):
            return Verdict.SAME
        if known := self._known.get(key):
            return self._of_known(act, known)
        if not held and key[0] not in self._about:  # as most are
            return Verdict.NEW
        if any(said != key[1] and (reader != act.reader or act.at is None) for reader, said in held.items()) and act.stands:
            return Verdict.CONFLICT
        later = (other[3] for other in self._groups.get(_group(act, key), ()) if other[2] == act.reader)
        return Verdict.OLDER if act.at and any(at and at > act.at for at in later) else Verdict.NEW

    def _is_here(self, act: Act) -> bool:
        """Whether the project knows the frames that it names."""
        if act.kind in _OF_PAIRS and act.value not in self._frames:
            return False
        return act.sha256 in self._frames if act.sha256 else act.kind not in SAID_OF_FRAMES

    def _of_known(self, act: Act, known: RecordedAct) -> Verdict:
        here = {word for word, _ in known.words}
        new = [word for word in self.words(act) if word not in here]
        if not new or (self._chains is None and not known.act.stands):
            return Verdict.SAME
        if self._chains is None and act.revoked_by != act.reader:
            return Verdict.DISPUTED
        return Verdict.TAKEN_BACK if self.words_to_add(act, known)[-1].revoked else Verdict.GIVEN_AGAIN

    def words(self, act: Act) -> Sequence[Word]:
        """What came with an act on its being taken back and given again."""
        if self._chains is not None:
            return self._chains.words.get(act.key, ())
        return [Word(True, act.revoked_by, act.revoked_at)] if act.revoked_at else []

    # --- adding ---------------------------------------------------------------------------------------------------------

    def words_to_add(self, act: Act, known: RecordedAct) -> list[Word]:
        """What must be added to an act's words so that the last one by the clock is the last one there."""
        return list(to_be_added([word for word, _ in known.words], self.words(act), _place_of_word))

    def to_be_added(self, judged: Sequence[JudgedAct]) -> list[ActKey]:
        """What must be added, in this order: the new acts, and those on record that were said after them, once more."""
        told: dict[_Group, list[ActKey]] = defaultdict(list)
        fresh: dict[_Group, None] = {}
        untimed: set[ActKey] = set()
        for one in judged:
            if one.verdict not in (Verdict.NOT_HERE, Verdict.NOT_TAKEN):
                group = _group(one.act, one.key)
                told[group].append(one.key)
                if one.verdict in FRESH:
                    fresh[group] = None
                if one.act.at is None:
                    untimed.add(one.key)

        def place(key: ActKey) -> Place:
            at = None if key in untimed else key[3]
            return at or _BEFORE_ALL, f"{key[2]}\0{key[1]}"

        added: dict[ActKey, Place] = {}
        for group in fresh:
            keys, here = told[group], self._groups.get(group, ())
            if not here and len(keys) == 1:  # as most are
                added[keys[0]] = place(keys[0])
                continue
            keys = keys if self._chains is not None else sorted(keys, key=place)
            added |= to_be_added(here, keys, place) if here else placed(keys, place)
        return sorted(added, key=added.__getitem__)

    def times_of_untimed(self, judged: Sequence[JudgedAct], now: datetime) -> dict[ActKey, datetime]:
        """When new acts without a time are kept as done: now, or before all that is known of the same: elsewhere it sorts them."""
        untimed = {one.key: _group(one.act, one.key) for one in judged if one.verdict in FRESH and one.act.at is None}
        if not untimed:
            return {}
        known: dict[_Group, list[ActKey]] = {group: [*self._groups.get(group, ())] for group in untimed.values()}
        for one in judged:
            if (group := _group(one.act, one.key)) in known:
                known[group].append(one.key)
        return {key: min([now, *(at - MOMENT for *_, at in known[group] if at and at > FIRST_TIME)]) for key, group in untimed.items()}


def _group(act: Act, key: ActKey) -> _Group:
    return key[0], act.reader if act.kind in SAID_OF_FRAMES else ""


def _place_of_word(word: Word) -> Place:
    return word.at, f"{word.revoked:d}{word.reader}"
