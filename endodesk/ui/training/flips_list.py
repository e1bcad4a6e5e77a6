"""Frames that one of two models has right and the other has not, in words for their cards."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from endodesk.app.language import tr
from endodesk.domain.images import printable
from endodesk.ui.training.frame_cards import FrameCard

if TYPE_CHECKING:
    from training.evaluation.paired_comparison import Flip


def cards_of_flips(flips: "Iterable[Flip]") -> list[FrameCard]:
    """Broken frames first: they are what speaks against the new model."""
    ordered = sorted(flips, key=lambda flip: (flip.mended, flip.label, flip.file))
    return [FrameCard(flip.file, partial(_told, flip)) for flip in ordered]


def _told(flip: "Flip") -> str:
    head = tr("mended: {label}") if flip.mended else tr("broken: {label}")
    said = tr("new model: {new}\nbefore: {old}").format(new=printable(flip.new), old=printable(flip.old))
    return f"{head.format(label=printable(flip.label))}\n{said}"
