"""Cases: which frames are of one examination, told by their folders or by a pattern in their paths."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from re import _constants, _parser  # type: ignore[attr-defined]  # the only ones who know what a pattern is made of
from typing import Any

from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.case_rules import CASE_FOLDER, DEEPEST_FOLDER, NO_CASE, case_in_folders
from endodesk.domain.errors import BadRequest

_BY_FOLDERS = (CASE_FOLDER, DEEPEST_FOLDER, NO_CASE)
_FEW = 3  # times that something of many readings may be repeated: a date's two or three numbers


# Why: docs/decisions/dataset.md 5
def with_cases(rows: Iterable[ManifestRow], case: str) -> list[ManifestRow]:
    """The rows with the case that `case` says: one of `endodesk.domain.case_rules`, or a regular expression.

    As they come, rows have all folders below their class folder for a case (as `endodesk.dataset.manifest` lists them).

    The expression is looked for in the path (with /, however the system writes it); its last match counts, of that the
    first group, else the whole; matches of nothing do not count. A frame whose path has no match belongs to no case.
    BadRequest if it is no expression, or fits no path.
    """
    rows = list(rows)
    if case in _BY_FOLDERS:
        return [row if (name := case_in_folders(row.case, case)) == row.case else replace(row, case=name) for row in rows]
    find = case_finder(case)
    cased = [replace(row, case=find(row.file.as_posix())) for row in rows]
    if rows and not any(row.case for row in cased):
        raise BadRequest(f"The pattern {case!r} for cases fits no file, such as {rows[0].file}; mend it, or use folder, deepest or none.")
    return cased


def check_case(case: str) -> None:
    """BadRequest with a sentence if `case` is not what `with_cases` takes."""
    if case not in _BY_FOLDERS:
        _pattern(case)


def case_finder(case: str) -> Callable[[str], str]:
    """What tells the case from a path with /, as `with_cases` does by a regular expression. BadRequest if it is none."""
    return finder_in_paths(_pattern(case))


def finder_in_paths(pattern: re.Pattern[str]) -> Callable[[str], str]:
    """What a pattern finds in a path with /: of its last match that is not empty the first group, else the whole; else nothing."""

    def find(path: str) -> str:
        found = [
            text for match in pattern.finditer(unicodedata.normalize("NFC", path)) if (text := match.group(1 if pattern.groups else 0))
        ]
        return found[-1] if found else ""

    return find


def _pattern(case: str) -> re.Pattern[str]:
    return pattern_for_paths(case, "Cases are told by folder, deepest, none, or a regular expression")


def pattern_for_paths(text: str, else_told: str) -> re.Pattern[str]:
    """A regular expression that ends its search. BadRequest if it is none; the sentence begins with what is `else_told`."""
    text = unicodedata.normalize("NFC", text)  # some systems write é as two letters, in names and at the keyboard
    try:
        pattern = re.compile(text)
        endless = _repeats_choices(_parser.parse(text))
    except (re.error, RecursionError, OverflowError) as error:  # brackets too deep; a number of repeats too large
        raise BadRequest(f"{else_told}; {text!r} is none of these ({error}).") from error
    if endless:
        raise BadRequest(
            f"The pattern {text!r} repeats what repeats or has choices, which can take for ever; write it without (...+)+ or (a|b)+."
        )
    return pattern


# Why: docs/decisions/dataset.md 6
def _repeats_choices(part: Any, repeated: bool = False) -> bool:
    """Whether a pattern repeats something that can be read in several ways: a search may then double its time with each letter.

    It cannot be stopped, and holds up all threads meanwhile.
    """
    if isinstance(part, tuple) and part and part[0] in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
        low, high, inner = part[1]
        return (repeated and low != high) or _repeats_choices(inner, repeated or high > _FEW)
    if isinstance(part, tuple) and part and part[0] is _constants.BRANCH and repeated:
        return True
    return isinstance(part, tuple | list | _parser.SubPattern) and any(_repeats_choices(inner, repeated) for inner in part)
