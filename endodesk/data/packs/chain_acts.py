"""The acts that chains tell of, with every word by which they were taken back or given again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from endodesk.data.acts.recorded import Word
from endodesk.data.chain.chain_lines import Chain
from endodesk.data.chain.rows import Row
from endodesk.data.proven_rows import DAMAGED
from endodesk.domain.acts import LONGEST_NAME, Act, ActKey, OtherAct, check_time


@dataclass(slots=True)
class ChainActs:
    """What chains tell, each act once."""

    acts: dict[ActKey, Act] = field(default_factory=dict)
    """In the order in which they were done."""
    words: dict[ActKey, tuple[Word, ...]] = field(default_factory=dict)
    """On those that were ever taken back."""
    damaged: int = 0
    """Rows that are no act."""


def acts_in(chains: Iterable[Chain]) -> ChainActs:
    """Those of the first chain first, then what the others alone tell."""
    found = ChainActs()
    for chain in chains:
        _add(chain, found)
    return found


def _add(chain: Chain, found: ChainActs) -> None:
    words = _words_by_row(chain, found)
    told: dict[ActKey, tuple[Act, Sequence[Word]]] = {}
    for table, act_of in _ACTS.items():
        for row in chain.rows(table):
            try:
                _keep(told, act_of(row), words.pop(row["id"], []) if table == "correction" else [])
            except DAMAGED:
                found.damaged += 1
    for number, later in words.items():  # on acts from before this chain parted from another
        try:
            _keep(told, _correction(chain.row("correction", number) or {}), later)
        except DAMAGED:
            found.damaged += 1
    for key, (act, on_it) in told.items():
        if all_words := _joined(found.words.get(key, ()), on_it):
            found.words[key] = all_words
        found.acts.setdefault(key, act)


def _keep(told: dict[ActKey, tuple[Act, Sequence[Word]]], act: Act, words: Sequence[Word]) -> None:
    """What was said once more has its later place, with all words on it."""
    told.pop(act.key, None)
    told[act.key] = (act, words)


def _joined(some: Sequence[Word], others: Sequence[Word]) -> tuple[Word, ...]:
    new = [word for word in others if word not in some]
    return tuple(sorted((*some, *new), key=lambda word: word.at) if some and new else (*some, *new))


def _words_by_row(chain: Chain, found: ChainActs) -> dict[int, list[Word]]:
    words: dict[int, list[Word]] = {}
    for row in chain.rows("revocation"):
        try:
            said = chain.row("correction", row["correction"])
            if said is not None and not _is_of_the_place(chain, row, said):
                word = Word(row["revoked"] == 1, **_signed(row))
                words.setdefault(row["correction"], []).append(word)
        except DAMAGED:
            found.damaged += 1
    return words


def _is_of_the_place(chain: Chain, word: Row, said: Row) -> bool:
    """Whether it says of what came from elsewhere that it was undone, or set aside, by who took it in: that is nobody's word on the act."""
    step, of = word.get("step"), said.get("step")
    coming = None if of is None else chain.row("step", of)
    if coming is None or (coming["reader"] == said["reader"] and coming["at"] <= said["at"]):
        return False  # it was said here
    if step is None:
        return bool((coming["reader"], coming["at"]) == (word["reader"], word["at"]))
    turning = chain.row("step", step)
    return turning is not None and turning.get("of") == of


# --- rows -------------------------------------------------------------------------------------------------------------


def _text(row: Mapping[str, Any], name: str, default: str = "") -> str:
    value = row.get(name, default)
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    value.encode()  # a half of a letter cannot be kept
    return value


def _signed(row: Row) -> dict[str, Any]:
    reader, at = _text(row, "reader"), datetime.fromisoformat(row["at"])
    if not 0 < len(reader) <= LONGEST_NAME:
        raise ValueError("nobody's act")
    check_time(at)
    return {"reader": reader, "at": at}


def _correction(row: Row) -> Act:
    return Act(
        _text(row, "said"),
        _text(row, "label"),
        sha256=_text(row, "image"),
        blind=row.get("blind") == 1,
        model=_text(row, "bundle"),
        answer=_text(row, "answer"),
        **_signed(row),
    )


def _override(row: Row) -> Act:
    size = {} if "image" in row else {"width": row["width"], "height": row["height"]}
    return Act(_text(row, "part"), _text(row, "outline"), sha256=_text(row, "image"), **size, **_signed(row))


def _merge(row: Row) -> Act:
    kind = OtherAct.TOGETHER if row["joined"] == 1 else OtherAct.APART
    return Act(kind, _text(row, "image_b"), sha256=_text(row, "image_a"), **_signed(row))


def _conclusion(row: Row) -> Act:
    return Act(OtherAct.CONCLUSION, _text(row, "text"), answer=_text(row, "finding"), case=_text(row, "case"), **_signed(row))


def _promotion(row: Row) -> Act:
    return Act(OtherAct.PROMOTION, _text(row, "why"), model=_text(row, "bundle"), **_signed(row))


_ACTS: dict[str, Callable[[Row], Act]] = {
    "correction": _correction,
    "override": _override,
    "merge": _merge,
    "conclusion": _conclusion,
    "promotion": _promotion,
}
