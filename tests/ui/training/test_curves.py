import pyqtgraph as pg
import pytest

from endodesk.ui.training.curves import Curves

EPOCH = {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.1, "val_accuracy": 0.4, "waited": 0.0}
SHIFTED = {"shifted_loss": 1.2, "shifted_accuracy": 0.3}


@pytest.fixture
def curves(qtbot):
    curves = Curves()
    qtbot.addWidget(curves)
    curves.clear()
    return curves


def shown(curves):
    """Per plot: the names in the legend, each with the last figure drawn."""
    return [{item.name(): item.getData()[1][-1] for item in plot.listDataItems()} for plot in curves.findChildren(pg.PlotWidget)]


def test_each_figure_that_is_measured_has_a_curve_and_no_other(curves):
    curves.add("frozen", EPOCH)
    assert shown(curves) == [{"training": 1.0, "validation": 1.1}, {"training": 0.5, "validation": 0.4}]
    curves.clear()
    assert shown(curves) == [{}, {}]
    curves.add("frozen", EPOCH)
    curves.add("frozen", EPOCH | SHIFTED)
    assert [plot["validation, source hidden"] for plot in shown(curves)] == [1.2, 0.3]
