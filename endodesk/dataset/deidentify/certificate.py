"""The certificate: what was removed before frames and labels were passed on, who looked at them, and what was not removed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from endodesk import __version__
from endodesk.dataset.deidentify.clean_frames import CleanFrame
from endodesk.imaging.preprocessing.pipeline import CLEAN

CERTIFICATE, CERTIFICATE_TEXT = "certificate.json", "certificate.txt"
_REMOVED = (
    "File names, folders and cases: replaced by keyed hashes (HMAC-SHA256). The key stays on the PC that exported.",
    "Names of readers: replaced in the same way.",
    "All that files tell beside pixels (EXIF, DICOM tags, XMP, comments, profiles, thumbnails, times): pixels were decoded and written "
    "anew as PNG, without loss.",
    "Text over the field, ScopeGuide boxes and whatever lies beside the lit field: blackened where the recipe's steps find them, or where "
    "readers drew them.",
    "Texts that readers typed (notes, conclusions, reasons of promotions): left out.",
)
_KEPT = (
    "What no step found and the person who looked did not see.",
    "Times at which readers said something, and the names of classes and models.",
    "The tissue itself: who has the original frame can find it again by its pixels.",
)


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate tells of one frame."""

    name: str
    sha256: str
    masked_percent: float

    @classmethod
    def of(cls, frame: CleanFrame) -> "Certified":
        """Of a frame that was written."""
        return cls(frame.name, frame.sha256, round(100 * max(frame.text_share, frame.box_share, frame.beside_share), 2))


def write_certificate(
    folder: Path, frames: Sequence[Certified], *, refused: int, dropped: Mapping[str, int], approved_by: str, at: datetime
) -> None:
    """Two files in a folder that `endodesk.system.atomic` gave: one for programs and one for people."""
    steps = [f"{step.name} (version {step.version})" for step in CLEAN.steps]
    told = {
        "format": 1,
        "program": f"EndoDesk {__version__}",
        "approved_by": approved_by,
        "approved_at": at.isoformat(timespec="seconds"),
        "recipe": {"name": CLEAN.name, "steps": steps},
        "removed": list(_REMOVED),
        "not_removed": list(_KEPT),
        "frames_refused": refused,
        "acts_left_out": dict(sorted(dropped.items())),
        "frames": [{"name": one.name, "sha256": one.sha256, "masked_percent": one.masked_percent} for one in frames],
    }
    (folder / CERTIFICATE).write_text(json.dumps(told, indent=1), "utf-8")
    lines = [
        f"De-identified by EndoDesk {__version__}. Research use only.",
        f"{len(frames):,} frames, each looked at by {approved_by}, who approved them on {at:%Y-%m-%d}; {refused:,} were held back.",
        "",
        "Removed:",
        *(f"- {one}" for one in _REMOVED),
        *(f"- Acts left out, of the kind {kind}: {n:,}." for kind, n in sorted(dropped.items())),
        "",
        "Not removed:",
        *(f"- {one}" for one in _KEPT),
        "",
        f"Found by: recipe {CLEAN.name}, {', '.join(steps)}. {CERTIFICATE} lists the SHA-256 of each frame.",
    ]
    (folder / CERTIFICATE_TEXT).write_text("\n".join(lines) + "\n", "utf-8")
