"""The bar that stands above the steps while an outline is drawn: what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.viewing.outline_shapes import SHAPES, Shape, part_name
from endodesk.domain.overrides import FrameSize, Part
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.flow_layout import FlowLayout
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import GRID_PX, text_label


class OutlineBar(QWidget):
    """Hidden until something is drawn. The keyboard is told in words, since it acts on the frame."""

    shape_chosen = Signal(object)
    """The Shape that the outline is to have from now on."""
    kept = Signal()
    none_chosen = Signal()
    automatic_chosen = Signal()
    all_asked = Signal()
    rule_ended = Signal()
    left = Signal()
    toggled = Signal(bool)
    """True once the bar is shown, False once it is hidden again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that a screen reader tells the keys as the bar opens
        self.title = text_label("", "heading", wrap=True)
        self.shapes = QComboBox()
        self.shapes.setAccessibleName(tr("Shape of the outline"))
        self.shapes.activated.connect(lambda place: self.shape_chosen.emit(Shape(self.shapes.itemData(place))))  # Qt keeps bare text
        self.keep = push_button(tr("Keep"), self.kept, tip=tr("Use this outline for this frame (Enter)"), kind="main")
        self.none = push_button(tr("There is none"), self.none_chosen, tip=tr("Nothing is to be looked for in this frame (Delete)"))
        self.automatic = push_button(tr("Back to automatic"), self.automatic_chosen, tip=tr("Let the program look for it again"))
        self.all = push_button("", self.all_asked, tip=tr("Frames of one size mostly come from one device; you are asked first"))
        self.rule = push_button("", self.rule_ended, tip=tr("Those frames go back to what the program finds in each"))
        self.leave = push_button(tr("Leave"), self.left, tip=tr("Change nothing (Esc)"))
        row = QWidget()
        buttons = FlowLayout(row)
        for widget in (self.shapes, self.keep, self.none, self.automatic, self.all, self.rule, self.leave):
            buttons.addWidget(widget)
        fill(QVBoxLayout(self), self.title, row, text_label(_keys(), "quiet", wrap=True), edge_px=0, gap_px=GRID_PX // 2)
        self.hide()

    def open_for(self, part: Part, shape: Shape, size: FrameSize, *, own: bool, ruled: bool) -> None:
        """Show the bar; `own` and `ruled` tell whether something is drawn already, for the frame and for all of its size."""
        name = part_name(part)
        self.title.setText(tr("{part}: drag the outline and its handles").format(part=name))
        self.setAccessibleName(tr("Drawing by hand: {part}").format(part=name))
        self.setAccessibleDescription(_keys())
        self.shapes.clear()
        for one in SHAPES[part]:
            self.shapes.addItem(shape_name(one), one)
        self.shapes.setCurrentIndex(max(0, self.shapes.findData(shape)))
        self.shapes.setVisible(self.shapes.count() > 1)
        width, height = size
        self.all.setText(tr("Use on all frames of {width} x {height} ...").format(width=width, height=height))
        self.rule.setText(tr("End the rule for {width} x {height}").format(width=width, height=height))
        self.automatic.setVisible(own)  # only where there is something to go back from
        self.rule.setVisible(ruled)
        self.show()
        self.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Tells that the bar is there, so that the steps leave their room to the frame."""
        super().showEvent(event)
        self.toggled.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tells that the bar is gone, so that the steps come back."""
        super().hideEvent(event)
        self.toggled.emit(False)


def shape_name(shape: Shape) -> str:
    """What a reader calls the shape, in the language of the window."""
    return {Shape.RECTANGLE: tr("Rectangle"), Shape.ELLIPSE: tr("Ellipse"), Shape.POLYGON: tr("Polygon")}[shape]


def _keys() -> str:
    return tr("Arrows move, Shift and arrows resize, Ctrl with them in large steps; Enter keeps, Delete: there is none, Esc leaves.")
