"""Conclusions of folders that were cases before another folder became the case: of a patient's series, or the other way round."""

from collections.abc import Collection, Container, Sequence
from dataclasses import replace

from endodesk.app.browsing.frame_columns import FrameColumns
from endodesk.app.frames.frame_list import class_depth
from endodesk.app.language import tr
from endodesk.domain.conclusions import Conclusion


def in_force(conclusions: Sequence[Conclusion]) -> list[Conclusion]:
    """Of each case named what was concluded last, oldest first; without those that conclude nothing."""
    newest = {one.case: one for one in conclusions}
    return sorted((one for one in newest.values() if one.text or one.finding), key=lambda one: one.at)


def as_one(conclusions: Sequence[Conclusion], name: str) -> Conclusion | None:
    """What holds of the folders of a case as one conclusion, for its report: each with its folder's name; None if there is none."""
    standing = in_force(conclusions)
    if not standing:
        return None
    lines = [": ".join(filter(None, (one.case, one.finding, one.text))) for one in standing]
    return replace(standing[-1], case=name, text="\n".join(lines), finding="")


def in_words(conclusion: Conclusion) -> str:
    """A line of what was concluded of another folder than the case is now."""
    who = tr("{reader}, {when}").format(reader=conclusion.reader, when=f"{conclusion.at.astimezone():%Y-%m-%d %H:%M}")
    return f"{conclusion.case}, {who}: {conclusion.finding}  {conclusion.text}"


def concluded_cases(columns: FrameColumns, classes: Container[str], concluded: Collection[str]) -> set[str]:
    """Names of the cases of which something is concluded: of them, of a folder around them, or of every folder in them."""
    frames = columns.frames
    below = class_depth(frames.folders, classes)
    folders: dict[str, set[str]] = {}
    for folder in frames.folders if frames.cases is None else ():
        folders.setdefault(folder.case_below(below, frames.case_rule), set()).add(folder.case_below(below))
    done = set(concluded)
    for name in columns.case_names:
        parts = name.split("/")
        around = {"/".join(parts[:n]) for n in range(1, len(parts))}
        if around & done or (name in folders and folders[name] <= done):
            done.add(name)
    return done
