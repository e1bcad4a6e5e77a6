"""CaseReport: one page for the file, as PDF: what is in a case, the frames that matter, what was concluded, by which model and reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageSize, QPainter, QPdfWriter, QPen

from endodesk import __version__
from endodesk.app.cases.case_review import CaseFigures, Notable
from endodesk.app.cases.case_words import counts_in_words
from endodesk.app.language import reason_of, tr
from endodesk.app.viewing.pictures import to_qimage
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.domain.images import printable
from endodesk.domain.shown_text import visible_lines
from endodesk.imaging.reading.read import decode_image, read_bytes
from endodesk.system.atomic import write_file
from endodesk.system.private import share_as_usual
from endodesk.system.task import TaskContext

MOST_PICTURES = 6
_DPI, _MARGIN_MM = 150, 15.0
_PICTURE_PX = 480
"""Longer side of a picture on the page: enough for print, and six of them stay below a megabyte."""
_ACROSS = 3
_INK, _FAINT, _LINE = "#1b1e22", "#4d555f", "#9aa2ab"


@dataclass(frozen=True, slots=True)
class ReportFrame:
    """A frame whose picture stands on the page: its file, its name relative to the folder, and why it matters."""

    path: Path
    name: str
    notable: Notable


@dataclass(frozen=True, slots=True)
class CaseReport:
    """All that the page says; nothing of it is read from the image files' own tags."""

    project: str
    figures: CaseFigures
    frames: Sequence[ReportFrame]
    conclusion: Conclusion | None
    reader: str
    model: ModelBundle | None
    made: datetime
    synthetic: bool = False


def write_report(report: CaseReport, path: Path, task: TaskContext) -> None:
    """Draw the page; the file appears whole or not at all. BadRequest if it cannot be written, Cancelled. Any thread may call it.

    A frame that cannot be read any more leaves its place with a sentence.
    """
    page = _drawn(report, task)
    try:
        write_file(path, page)
        share_as_usual(path)
    except OSError as error:
        reason = reason_of(error)
        raise BadRequest(tr("The report cannot be written to {path}: {reason}.").format(path=path, reason=reason)) from error


# Why: docs/decisions/app.md 11
def _drawn(report: CaseReport, task: TaskContext) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM))
    writer.setTitle(tr("Case {case}").format(case=report.figures.name))
    writer.setCreator(f"EndoDesk {__version__}")
    painter = QPainter(writer)
    try:
        _Page(painter, QRectF(0, 0, writer.width(), writer.height())).fill(report, task)
    finally:
        painter.end()  # also when it is cancelled: Qt may not lose a device that is still painted on
    return bytes(buffer.data().data())


class _Page:
    """A sheet that is filled from the top; what has no room is shortened, never put on a second one."""

    def __init__(self, painter: QPainter, room: QRectF) -> None:
        self._painter, self._room, self._top = painter, room, room.top()

    def fill(self, report: CaseReport, task: TaskContext) -> None:
        """Draw all parts from the top down, the foot first: it must not be the one that lacks room."""
        foot = self._foot(report)
        figures = report.figures
        self._write(tr("Case {case}").format(case=figures.name), 18, bold=True, lines=2)
        made = f"{report.made.astimezone():%Y-%m-%d %H:%M}"
        self._write(
            tr("{project}; report of {when} by {reader}").format(project=report.project, when=made, reader=report.reader), 9, faint=True
        )
        if report.synthetic:
            self._write(tr("SYNTHETIC frames, not of a patient"), 9, bold=True)
        self._rule()
        self._heading(tr("What is in it"))
        for words in counts_in_words(figures):
            self._write(words, 10, lines=2)
        self._heading(tr("Conclusion"))
        self._conclude(report.conclusion)
        self._heading(tr("Frames that matter"))
        self._pictures(report.frames[:MOST_PICTURES], foot, task)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _foot(self, report: CaseReport) -> float:
        """Draw which model and program said so, from the bottom up; the y at which it begins."""
        words = [_model_words(report.model), tr("Made with EndoDesk {version}.").format(version=__version__)]
        font, bold = _font(8), _font(10, bold=True)
        text = " ".join(words)
        wide = QRectF(0, 0, self._room.width(), 10_000)
        flags = int(Qt.TextFlag.TextWordWrap)
        height = QFontMetricsF(font, self._painter.device()).boundingRect(wide, flags, text).height()
        bold_height = QFontMetricsF(bold, self._painter.device()).height()
        top = self._room.bottom() - height - bold_height - 12
        self._line_at(top - 8)
        self._text(bold, _INK, QRectF(0, top, self._room.width(), bold_height), tr("Research use only. Not for diagnosis."))
        self._text(font, _FAINT, QRectF(0, top + bold_height + 4, self._room.width(), height + 4), text)
        return top - 16

    def _conclude(self, conclusion: Conclusion | None) -> None:
        if conclusion is None or not (conclusion.text or conclusion.finding):
            self._write(tr("Nothing was concluded yet."), 10, faint=True)
            return
        if conclusion.finding:
            self._write(tr("Finding: {finding}").format(finding=conclusion.finding), 10, bold=True)
        if conclusion.text:
            self._write(conclusion.text, 10, lines=14)
        who = tr("{reader}, {when}").format(reader=conclusion.reader, when=f"{conclusion.at.astimezone():%Y-%m-%d %H:%M}")
        self._write(who, 9, faint=True)

    def _pictures(self, frames: Sequence[ReportFrame], foot: float, task: TaskContext) -> None:
        if not frames:
            self._write(tr("None: no model has answered these frames."), 10, faint=True)
            return
        gap, words = 14.0, 3.4 * QFontMetricsF(_font(8), self._painter.device()).height()
        rows = -(-len(frames) // _ACROSS)
        width = (self._room.width() - gap * (_ACROSS - 1)) / _ACROSS
        height = min(width * 0.8, (foot - self._top - rows * (words + gap)) / rows)
        if height < 60:  # a centimetre
            self._write(tr("There is no room left for pictures: the conclusion is long."), 9, faint=True)
            return
        for place, frame in enumerate(frames):
            task.report(place, len(frames))
            left = (place % _ACROSS) * (width + gap)
            top = self._top + (place // _ACROSS) * (height + words + gap)
            self._picture(frame, QRectF(left, top, width, height))
            self._text(_font(8), _INK, QRectF(left, top + height + 2, width, words), _frame_words(frame))

    def _picture(self, frame: ReportFrame, place: QRectF) -> None:
        picture = _read(frame.path)
        if picture is None:
            self._text(_font(8), _FAINT, place, tr("This frame cannot be read any more."))
            return
        fitted = picture.size().toSizeF().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(place.left(), place.top(), fitted.width(), fitted.height())
        self._painter.drawImage(target, picture)

    # --- writing ----------------------------------------------------------------------------------------------------

    def _heading(self, text: str) -> None:
        self._top += 10
        self._write(text, 11, bold=True)

    def _write(self, text: str, points: float, *, bold: bool = False, faint: bool = False, lines: int = 1) -> None:
        font = _font(points, bold=bold)
        metrics = QFontMetricsF(font, self._painter.device())
        most = lines * metrics.lineSpacing() + 1
        text = _shortened(text, metrics, self._room.width(), most)
        box = metrics.boundingRect(QRectF(0, 0, self._room.width(), 10_000), int(Qt.TextFlag.TextWordWrap), text)
        self._text(font, _FAINT if faint else _INK, QRectF(0, self._top, self._room.width(), box.height() + 2), text)
        self._top += box.height() + 3

    def _text(self, font: QFont, colour: str, place: QRectF, text: str) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._painter.drawText(place, flags, visible_lines(text))

    def _rule(self) -> None:
        self._top += 6
        self._line_at(self._top)
        self._top += 4

    def _line_at(self, y: float) -> None:
        self._painter.setPen(QPen(QColor(_LINE), 1))
        self._painter.drawLine(int(self._room.left()), int(y), int(self._room.right()), int(y))


def _font(points: float, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPointSizeF(points)
    font.setBold(bold)
    font.setFeature(QFont.Tag("liga"), 0)  # "fi" as two letters, so that the page can be searched
    return font


def _shortened(text: str, metrics: QFontMetricsF, width: float, most: float) -> str:
    """Words from the start, as many as there is room for, and what says that more is in the project."""

    def fits(words: str) -> bool:
        return metrics.boundingRect(QRectF(0, 0, width, 100_000), int(Qt.TextFlag.TextWordWrap), words).height() <= most

    if fits(text):
        return text
    more = tr(" ... (shortened; the whole text is in the project)")
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle] + more) else (low, middle - 1)
    return text[:low] + more


def _frame_words(frame: ReportFrame) -> str:
    said = frame.notable.said
    answer = tr("model: {answer} {percent} %").format(answer=said.answer, percent=round(100 * said.confidence))
    label = tr("label: {label}").format(label=said.label) if said.label else tr("no label")
    return f"{printable(Path(frame.name).name)} ({tr(frame.notable.why)})\n{label}; {answer}"


def _model_words(model: ModelBundle | None) -> str:
    if model is None:
        return tr("No model was active.")
    words = tr("Model: {name} ({id}).").format(name=model.name, id=model.id)
    figures = accuracy_words(model.metrics)
    return f"{words} {figures}" if figures else words


def accuracy_words(metrics: Mapping[str, Any]) -> str:
    """The model's own test figures in a sentence; empty where it has none."""
    match metrics.get("accuracy"), metrics.get("accuracy_interval"), metrics.get("n"):
        case float(accuracy), [float(low), float(high)], int(n):
            words = tr("On the test part of its own training: accuracy {value} % (95 % interval {low} to {high}), n = {n}.")
            return words.format(value=f"{100 * accuracy:.1f}", low=f"{100 * low:.1f}", high=f"{100 * high:.1f}", n=n)
    return ""


def _read(path: Path) -> QImage | None:
    try:
        image = to_qimage(decode_image(read_bytes(path), path.name))
    except UnreadableImage:
        return None
    # made small here, since the page would hold it as large as it is
    if max(image.width(), image.height()) <= _PICTURE_PX:
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(_PICTURE_PX, _PICTURE_PX, Qt.AspectRatioMode.KeepAspectRatio, smooth)
