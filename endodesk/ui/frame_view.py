"""The frame in the middle: zoom, pan, heat map over it, masks and boxes outlined."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsRectItem, QGraphicsScene, QGraphicsView, QWidget

from endodesk.app.opening import OpenFrame
from endodesk.app.pictures import MASK_COLOUR, heat_to_qimage, mask_to_qimage, to_qimage
from endodesk.app.session import Session
from endodesk.ui.theme import GROUND, text_label

_HEAT_PX = 448  # a 7 x 7 map is smooth: more pixels would show nothing more
_MAX_ZOOM = 20.0


class FrameView(QGraphicsView):
    """Shows the chosen frame, or one of its preprocessing steps."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._picture, self._heat, self._mask = QGraphicsPixmapItem(), QGraphicsPixmapItem(), QGraphicsPixmapItem()
        self._crop = QGraphicsRectItem()
        self._crop.setPen(_cosmetic_pen("#F0E442"))
        for item in (self._picture, self._heat, self._mask, self._crop):
            self._scene.addItem(item)
        self._picture.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._heat.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._fitted = True
        self._step: int | None = None
        self._set_up()
        self._title = text_label("", "", wrap=True)
        self._title.setParent(self)
        self._title.setStyleSheet("background: rgba(16, 18, 20, 215); padding: 4px 8px; border-radius: 3px;")
        self._title.move(8, 8)
        session.frame_chosen.connect(self._show_chosen)
        session.frame_opened.connect(self._show_frame)
        session.frame_failed.connect(self._show_reason)
        session.frames_listed.connect(self._show_empty)
        self._show_empty()

    def _set_up(self) -> None:
        self.setBackgroundBrush(QBrush(QColor(GROUND)))
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Frame")
        self.setAcceptDrops(False)  # a graphics view takes drops for its scene; here they are the window's
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def show_step(self, index: int | None) -> None:
        """Enlarge a preprocessing step of the open frame; None comes back to the frame itself."""
        frame = self._session.open_frame
        if frame is None or (index is None and self._step is None):
            return
        if index is None:
            self._show_frame(frame)
            return
        step, self._step = frame.steps[index], index
        self._set_picture(to_qimage(step.image))
        if step.mask is not None and step.mask.any():
            self._mask.setPixmap(QPixmap.fromImage(mask_to_qimage(step.mask, MASK_COLOUR)))
        self._say(f"Step {index + 1} of {len(frame.steps)}: {step.title} ({frame.recipe.name}). Esc comes back to the frame.")

    @property
    def shows_step(self) -> bool:
        """Whether a step is enlarged in the frame's place."""
        return self._step is not None

    def show_heat(self, class_index: int | None, opacity: float) -> None:
        """Lay the heat map of a class over the frame; None takes it away."""
        frame = self._session.open_frame
        if class_index is None or frame is None or frame.answer is None or frame.predictor is None or self._step is not None:
            self._heat.setPixmap(QPixmap())
            return
        x, y, width, height = frame.place
        picture = heat_to_qimage(frame.predictor.heat_map(frame.answer, class_index), _HEAT_PX, _HEAT_PX)
        self._heat.setPixmap(QPixmap.fromImage(picture))
        self._heat.setTransform(QTransform(width / _HEAT_PX, 0, 0, height / _HEAT_PX, x, y))
        self._heat.setOpacity(opacity)

    def _show_chosen(self, _row: int) -> None:
        self._step = None
        self._clear()
        self._say(f"Opening {self._name} ...")  # the picture before it stays until then: no flicker

    def _clear(self) -> None:
        self._heat.setPixmap(QPixmap())
        self._mask.setPixmap(QPixmap())
        self._crop.setRect(QRectF())

    def _show_frame(self, frame: OpenFrame) -> None:
        self._step = None
        self._set_picture(to_qimage(frame.image))
        if frame.answer is not None:
            self._crop.setRect(QRectF(*frame.place))
        self._say(f"{self._name}   {frame.record.width} x {frame.record.height}{self._mark}")

    def _set_picture(self, picture: QImage) -> None:
        self._clear()
        pixmap = QPixmap.fromImage(picture)
        resized = pixmap.size() != self._picture.pixmap().size()
        self._picture.setPixmap(pixmap)
        self._scene.setSceneRect(QRectF(pixmap.rect()))
        if resized or self._fitted:
            self.fit()

    def _show_reason(self, reason: str) -> None:
        self._clear()
        self._picture.setPixmap(QPixmap())
        self._say(reason)

    def _show_empty(self) -> None:
        self._step = None
        self._picture.setPixmap(QPixmap())
        self._clear()
        if len(self._session.frames) or self._session.listing:
            self._say("Opening ...")
        elif self._session.project.source is None:
            self._say("Open a folder of endoscopic frames: File > Open folder (Ctrl+O), or drop one onto this window.")
        else:
            self._say(f"There are no images in {self._session.project.source}. Open another folder: Ctrl+O.")

    @property
    def _name(self) -> str:
        entry = self._session.entry
        return entry.name if entry else ""

    @property
    def _mark(self) -> str:
        return "   SYNTHETIC, not a patient" if self._session.project.synthetic else ""

    def _say(self, text: str) -> None:
        self._title.setText(text)
        self._place_title()

    def _place_title(self) -> None:
        room = max(200, self.width() - 16)
        wanted = self._title.fontMetrics().horizontalAdvance(self._title.text()) + 20
        width = min(room, wanted)
        self._title.resize(width, self._title.heightForWidth(width))

    # --- zoom -------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """The whole frame, as large as the panel allows."""
        self._fitted = True
        if not self._picture.pixmap().isNull():
            self.fitInView(self._picture, Qt.AspectRatioMode.KeepAspectRatio)

    def actual_size(self) -> None:
        """One pixel of the frame on one of the screen."""
        self._fitted = False
        self.setTransform(QTransform())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer."""
        factor = 1.25 if event.angleDelta().y() > 0 else 0.8
        if 0.05 < self.transform().m11() * factor < _MAX_ZOOM:
            self._fitted = False
            self.scale(factor, factor)

    def mouseDoubleClickEvent(self, _event: object) -> None:
        """Back to the whole frame."""
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted frame stays fitted."""
        super().resizeEvent(event)
        self._place_title()
        if self._fitted:
            self.fit()


def _cosmetic_pen(colour: str) -> QPen:
    pen = QPen(QColor(colour), 1.5, Qt.PenStyle.DashLine)
    pen.setCosmetic(True)
    return pen
