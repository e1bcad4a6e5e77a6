"""What the commands say and where: answers on stdout, warnings and progress on stderr."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from endodesk.domain.images import printable
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.domain.shown_text import shortened, visible_lines
from endodesk.system.task import Progress as TaskProgress
from endodesk.system.task import TaskContext


class _PlainConsole(Console):
    """Says names as they are, but nothing in them reaches the terminal as a command, or turns what stands beside it."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(visible_lines(one) if isinstance(one, str) else one for one in objects), **options)


# names of files may hold [brackets] and :words:, and long lines are for the terminal, or the next program, to break
out, err = (_PlainConsole(stderr=to_stderr, soft_wrap=True, highlight=False, markup=False, emoji=False) for to_stderr in (False, True))


class RunPrinter:
    """Shows a training run's events: one bar, and one line an epoch."""

    def __init__(self, task: TaskContext) -> None:
        self._task = task
        self._phase = ""

    def __call__(self, event: RunEvent) -> None:
        """Show a phase and its progress in the bar, an epoch as a line on stdout, a warning on stderr."""
        if event.kind is RunEventKind.PHASE:
            self._phase = event.phase
        if event.left >= 0 and event.share < 1:  # the bar ends with the last event
            self._task.report(int(100 * event.share), 100, self._phase, event.left)
        if event.kind is RunEventKind.EPOCH:
            figures = "  ".join(f"{name} {value:.4f}" for name, value in event.metrics.items() if isinstance(value, float))
            out.print(f"{event.phase} epoch {event.done}/{event.total}: {figures}")
        elif event.kind is RunEventKind.WARNING:
            err.print(event.message)


@contextmanager
def progress(title: str) -> Iterator[TaskContext]:
    """A task whose progress is a bar on stderr (none where that is not a terminal)."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[how_far]}"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        row = bar.add_task(title, total=None, how_far="")

        def show(told: TaskProgress) -> None:
            # a total of None is not known yet: the bar moves without an end
            text = f"{title} {told.text[:40]}"
            bar.update(row, completed=told.done, total=told.total or None, description=text, how_far=_how_far(told))

        yield TaskContext(show)


def _how_far(told: TaskProgress) -> str:
    """Such as 40/120, 12 s left; in percent where the work knows what is left of it."""
    done = f"{told.done}/{told.total or '?'}" if told.left is None else f"{told.percent} %"
    return f"{done}, {told.rounded_left[0]} {told.rounded_left[1]} left" if told.rounded_left else done


def counted(n: int, what: str = "frame") -> str:
    """Such as 1 frame, 2 frames."""
    return f"{n} {what}{'' if n == 1 else 's'}"


def tell_read_otherwise(names: Sequence[str]) -> None:
    """Frames that an earlier version showed wrongly, on stderr; nothing if there is none."""
    if names:
        err.print(
            f"An earlier version showed {counted(len(names))} of these wrongly (colours, brightness, or parts that are not there). "
            "Their labels stay, and models are asked about them anew:"
        )
        for name in names:
            err.print(f"  {printable(name)}")


def tell_pages(names: Sequence[str]) -> None:
    """Files of several pictures, of which one is the frame, on stderr; nothing if there is none."""
    if names:
        first = printable(names[0])
        one, many = f"{first} holds several pictures", f"{len(names)} files hold several pictures ({first} is the first of them)"
        err.print(f"{one if len(names) == 1 else many}; the first picture was taken.")


def tell_unreadable(failed: Sequence[tuple[Path, str]], done: str = "read") -> None:
    """Each file and why, on stderr; nothing if there is none."""
    if failed:
        err.print(f"{len(failed)} could not be {done}:")
        for path, reason in failed:
            err.print(f"  {reason}  (in {shortened(printable(str(path.parent)))})")


def tell_notes(notes: Sequence[str]) -> None:
    """What there is to know, a line each on stderr."""
    for note in notes:
        err.print(note)
