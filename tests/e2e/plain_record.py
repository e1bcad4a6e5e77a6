"""What should be stored, as a plain list of acts: the yardstick for what the program keeps."""

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass

from endodesk.domain.label_set import LabelSet


@dataclass(slots=True)
class Act:
    """One thing that a reader said of one frame."""

    image: str
    said: str
    word: str
    reader: str
    blind: bool = False
    answered: bool = False
    stands: bool = True
    step: int = 0


class PlainRecord:
    """All acts in their order, and for each reader what can be undone and redone."""

    def __init__(self):
        self.acts: list[Act] = []
        self.steps: list[tuple[str, str, int | None]] = []
        self.undoable, self.redoable = defaultdict(list), defaultdict(list)
        self._changes: dict[int, list[tuple[Act, bool]]] = {}
        self._undone: dict[int, list[tuple[Act, bool]]] = {}
        self._choices: dict[int, tuple[LabelSet | None, LabelSet | None, int]] = {}
        self.turned: int | None = None
        """The step that was undone or done again last; None where there was none."""

    # --- what readers do ----------------------------------------------------------------------------------------------

    def give(self, reader, said, words, *, answered=frozenset(), hidden=frozenset()):
        """Words by frame, at one go; of which frames a model had answered, and which answers were kept from the reader."""
        if words:
            step = len(self.steps) + 1
            acts = [
                Act(image, said, word, reader, image in answered & hidden, image in answered, step=step) for image, word in words.items()
            ]
            self.acts += acts
            self._do(reader, [(act, True) for act in acts])

    def turn(self, reader, act, *, stands):
        """Take one act back, or give it again."""
        act.stands = stands
        self._do(reader, [(act, stands)])

    def choose(self, reader, before, after):
        """Other classes: label sets without other names."""
        self._do(reader, [])
        self._choices[len(self.steps)] = before, after, len(self.steps)

    def turned_choice(self, now):
        """The classes once the step turned last is turned, where `now` are those before that; None if it is no choice of classes.

        They stay where they are other ones since, or where a label since is of a class that would go.
        """
        if self.turned not in self._choices:
            return None
        before, after, since = self._choices[self.turned]
        used = {act.word for act in self.acts if act.said == "label" and act.step > since}
        stays = after != now or not used.isdisjoint({*after.names} - {*before.names})
        self._choices[self.turned] = (None, None, 0) if stays else (after, before, len(self.steps))
        return now if stays else before

    def undo(self, reader):
        """The frames concerned."""
        return self._walk(reader, "undo", self.undoable[reader], self.redoable[reader])

    def redo(self, reader):
        """The frames concerned."""
        return self._walk(reader, "redo", self.redoable[reader], self.undoable[reader])

    def _do(self, reader, changes):
        self.steps.append((reader, "do", None))
        self._changes[len(self.steps)] = changes
        self.undoable[reader].append(len(self.steps))
        self.redoable[reader].clear()

    def _walk(self, reader, kind, source, target):
        self.turned = source[-1] if source else None
        if not source:
            return set()
        step = source.pop()
        target.append(step)
        self.steps.append((reader, kind, step))
        if kind == "undo":  # and redo turns round what undo turned
            self._undone[step] = [(act, stands) for act, stands in self._changes[step] if act.stands is stands]
        for act, stands in self._undone[step]:
            act.stands = stands if kind == "redo" else not stands
        return {act.image for act, _ in self._changes[step]}

    # --- what stands --------------------------------------------------------------------------------------------------

    def history(self, image):
        return [act for act in self.acts if act.image == image]

    def newest(self, image, said):
        return next((act for act in reversed(self.acts) if (act.image, act.said) == (image, said) and act.stands), None)

    def word(self, image, said):
        return act.word if (act := self.newest(image, said)) else ""

    def own_labels(self, image):
        """Of each reader the label given last that stands."""
        return {act.reader: act.word for act in self.acts if (act.image, act.said) == (image, "label") and act.stands}

    def label(self, image):
        """The class that more than half of its readers say; empty if there is none."""
        said = Counter(self.own_labels(image).values()).most_common(1)
        return said[0][0] if said and 2 * said[0][1] > len(self.own_labels(image)) else ""

    @property
    def labelled(self):
        return {act.image for act in self.acts if act.said == "label" and act.stands}

    def labelled_by(self, reader):
        """Ever: what was seen cannot be unseen."""
        return {act.image for act in self.acts if (act.said, act.reader) == ("label", reader)}

    @property
    def stored(self):
        """What `stored_in` should find."""
        acts = [(act.image, act.said, act.word, act.reader, act.blind, act.answered, act.stands) for act in self.acts]
        return acts, self.steps


def stored_in(database):
    """What another program finds in the file: the acts in their order, and the steps."""
    taken_back = "SELECT revoked FROM revocation WHERE correction = told.id ORDER BY revocation.id DESC LIMIT 1"
    acts = f"SELECT image, said, label, reader, blind, answer IS NOT NULL, ({taken_back}) FROM correction AS told ORDER BY id"  # noqa: S608
    with closing(_looked_into(database)) as connection:
        steps = list(connection.execute("SELECT reader, kind, of FROM step ORDER BY id"))
        return [(*act, not back) for *act, back in connection.execute(acts)], steps


def answered_in(database):
    """The frames with a stored answer."""
    with closing(_looked_into(database)) as connection:
        return {image for (image,) in connection.execute("SELECT image FROM prediction")}


def _looked_into(database):
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True)
