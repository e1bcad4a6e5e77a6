"""How much readers did in a project, in words for the eye."""

from endodesk.app.language import tr
from endodesk.data.safety.backups import Backup
from endodesk.data.safety.glance import ReadersWork
from endodesk.domain.shown_text import visible


def work_told(work: ReadersWork, *, readers: bool = False) -> str:
    """Such as 13 labels, 1 conclusion; with `readers`: 13 labels (Ann 10, Bob 3), 1 conclusion."""
    labels = tr("1 label") if work.labels == 1 else tr("{n:,} labels").format(n=work.labels)
    if readers and work.by_reader:
        labels += " (" + ", ".join(f"{visible(name)} {labelled:,}" for name, labelled in work.by_reader) + ")"
    if not work.conclusions:
        return labels
    conclusions = tr("1 conclusion") if work.conclusions == 1 else tr("{n:,} conclusions").format(n=work.conclusions)
    return f"{labels}, {conclusions}"


def backup_told(backup: Backup, work: ReadersWork | None) -> str:
    """Its time, what readers had done by then, and its size."""
    held = tr("cannot be read") if work is None else work_told(work, readers=True)
    return f"{backup.at.astimezone():%Y-%m-%d %H:%M}: {held}; {backup.size_bytes / 1e6:.1f} MB"
