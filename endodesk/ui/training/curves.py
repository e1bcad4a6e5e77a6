"""Live training curves. Imported with the retrain dialog only: pyqtgraph takes a third of a second to load."""

from collections.abc import Mapping

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from endodesk.app.language import marked, tr
from endodesk.domain.label_set import COLOURS
from endodesk.ui.widgets.theme import NEWS, colours

_PLOTS = (
    (marked("Loss"), ("loss", "val_loss", "shifted_loss")),
    (marked("Accuracy"), ("accuracy", "val_accuracy", "shifted_accuracy")),
)
_NAMES = (marked("training"), marked("validation"), marked("validation, source hidden"))
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_LEAST = QSize(400, 160)


class Curves(QWidget):
    """Loss and accuracy by epoch: training solid, validation dashed, validation with its source hidden dotted (where that is measured).

    A line marks where fine-tuning begins.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # as large as there is room: by what they wish for, the pages beside this one scroll that would fit
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(_LEAST)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._owners: dict[str, pg.PlotWidget] = {}
        self._points: dict[str, list[tuple[int, float]]] = {}
        self._plots: list[pg.PlotWidget] = []
        self._marks: list[tuple[pg.PlotWidget, pg.InfiniteLine]] = []
        self._epochs = 0
        self._phase = ""
        for (title, keys), corner in zip(_PLOTS, ((-8, 8), (-8, -8)), strict=True):
            plot = self._plot(title, corner)
            for key, name, style, colour in zip(keys, _NAMES, _STYLES, COLOURS, strict=False):
                line = pg.PlotDataItem(name=tr(name), pen=pg.mkPen(colour, width=2, style=style), symbol="o", symbolSize=5)
                line.setSymbolBrush(colour)
                line.setSymbolPen(None)
                self._lines[key], self._owners[key] = line, plot
            layout.addWidget(plot)
        NEWS.changed.connect(self._take_colours)

    def _take_colours(self) -> None:
        """Take over the ground of another theme; marks and legends keep their colours until the next run."""
        for plot in self._plots:
            plot.setBackground(colours().ground)

    def _plot(self, title: str, corner: tuple[int, int]) -> pg.PlotWidget:
        plot = pg.PlotWidget(background=colours().ground)
        plot.setTitle(tr(title), color=colours().quiet, size="10pt")
        plot.setLabel("bottom", tr("epoch"))
        plot.showGrid(x=False, y=True, alpha=0.2)
        plot.setMouseEnabled(x=False, y=False)  # the wheel over a plot would zoom it, and nothing here brings it back
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.addLegend(offset=corner, labelTextColor=colours().quiet)
        self._plots.append(plot)
        return plot

    def clear(self) -> None:
        """Take all points and marks off before a run begins; the legends name nothing then."""
        self._epochs, self._phase = 0, ""
        self._points = {key: [] for key in self._lines}
        for key, line in self._lines.items():
            line.setData([], [])
            self._owners[key].removeItem(line)  # with its line in the legend: not every run measures it
        for plot, mark in self._marks:
            plot.removeItem(mark)
        self._marks.clear()

    def add(self, phase: str, metrics: Mapping[str, float]) -> None:
        """Draw one more epoch; metrics that are not plotted are passed over."""
        if self._phase and phase != self._phase:
            for plot in self._plots:
                dots = pg.mkPen(colours().quiet, style=Qt.PenStyle.DotLine)
                # between the last epoch of one phase and the first of the next
                mark = pg.InfiniteLine(self._epochs + 0.5, angle=90, pen=dots, label=tr("fine-tuning"))
                plot.addItem(mark)
                self._marks.append((plot, mark))
        self._phase = phase
        self._epochs += 1
        for key in [key for key in self._lines if key in metrics]:
            if not self._points[key]:
                self._owners[key].addItem(self._lines[key])  # only now, so that the legend names what there is
            self._points[key].append((self._epochs, float(metrics[key])))
            self._lines[key].setData([x for x, _ in self._points[key]], [y for _, y in self._points[key]])

    @property
    def epochs(self) -> int:
        """How many epochs have been drawn since the run began."""
        return self._epochs
