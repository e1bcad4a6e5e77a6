"""The look: a calm, dark reading room. One spacing grid, colours that the colour-blind tell apart."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget

from endodesk.domain.label_set import LabelSet
from resources import ICONS

GRID_PX = 8
_TITLE_PX = 40
"""Room for what the system draws around a window."""

GROUND, PANEL, RAISED, LINE = "#16181b", "#1e2125", "#2a2e34", "#3a4048"
TEXT, QUIET, ACCENT, WARNING = "#e6e8ea", "#a3abb5", "#56B4E9", "#F0B04A"
_CHECK = (ICONS / "check.svg").as_posix()

_STYLE = f"""
QMainWindow, QDialog {{ background: {GROUND}; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 4px; }}
QListView, QTableWidget, QScrollArea, CardsView {{ background: {PANEL}; border: none; }}
QListView:focus, CardsView:focus {{ border: 1px solid {ACCENT}; }}
QLineEdit {{ background: {GROUND}; border: 1px solid {LINE}; border-radius: 4px; padding: 4px 6px; }}
QLineEdit:focus {{ border-color: {ACCENT}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 4px; padding: 6px 12px; }}
QPushButton:hover {{ border-color: {ACCENT}; }}
QPushButton:focus {{ border: 1px solid {ACCENT}; }}
QPushButton[kind="chip"] {{ padding: 2px 7px; border-radius: 9px; }}
QPushButton[kind="chip"]:checked {{ background: #1f5f86; border-color: #2f81b3; }}
QPushButton:disabled {{ color: #6b737d; }}
QPushButton:checked {{ background: #1f5f86; border-color: {ACCENT}; }}
QPushButton[kind="main"] {{ background: #1f5f86; border-color: #2f81b3; }}
QPushButton[kind="main"]:disabled {{ background: {RAISED}; border-color: {LINE}; }}
QLabel[kind="quiet"] {{ color: {QUIET}; }}
QLabel[kind="heading"] {{ font-weight: 600; color: {QUIET}; }}
QLabel[kind="large"] {{ font-size: 17px; font-weight: 600; }}
QLabel[kind="warning"] {{ color: {WARNING}; }}
QFrame[kind="line"] {{ background: {LINE}; max-height: 1px; border: none; }}
QSplitter::handle {{ background: {GROUND}; }}
QStatusBar {{ background: {PANEL}; color: {QUIET}; }}
QProgressBar {{ border: 1px solid {LINE}; border-radius: 3px; background: {GROUND}; text-align: center; }}
QProgressBar::chunk {{ background: #2f81b3; }}
QCheckBox::indicator, QTableView::indicator, QListView::indicator {{
    width: 14px; height: 14px; border: 1px solid {QUIET}; border-radius: 3px; }}
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {{
    background: #2f81b3; border-color: #2f81b3; image: url({_CHECK}); }}
QCheckBox::indicator:disabled {{ border-color: {LINE}; }}
QCheckBox::indicator:focus {{ border-color: {TEXT}; }}
QTabWidget::pane {{ border: 1px solid {LINE}; background: {GROUND}; }}
QHeaderView::section {{ background: {RAISED}; color: {QUIET}; border: none; padding: 4px 8px; }}
"""


def apply_theme(application: QApplication) -> None:
    """Set palette and style sheet for the whole program."""
    application.setStyle("Fusion")
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, PANEL), (role.WindowText, TEXT), (role.Base, GROUND), (role.AlternateBase, PANEL), (role.Text, TEXT),
        (role.Button, RAISED), (role.ButtonText, TEXT), (role.BrightText, WARNING), (role.Highlight, "#2f6f96"),
        (role.HighlightedText, "#ffffff"), (role.ToolTipBase, RAISED), (role.ToolTipText, TEXT), (role.PlaceholderText, QUIET),
        (role.Link, ACCENT),
    ):  # fmt: skip
        palette.setColor(target, QColor(colour))
    for target in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor("#6b737d"))
    application.setPalette(palette)
    application.setStyleSheet(_STYLE)


def class_colour(label_set: LabelSet, name: str) -> QColor:
    """The colour that a class has in the project; grey for one that it does not have."""
    return QColor(label_set.colour_of(name) or QUIET)


def text_label(text: str = "", kind: str = "", *, wrap: bool = False) -> QLabel:
    """A label of one of the kinds of the style sheet; its text is never taken for HTML."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    label.setWordWrap(wrap)
    return label


def on_screen(window: QWidget, wished: QSize) -> QSize:
    """A size for a window, less where the screen has no room for it and its title."""
    return wished.boundedTo(window.screen().availableSize() - QSize(0, _TITLE_PX))


def line(parent: QWidget | None = None) -> QFrame:
    """A thin rule between groups of a panel."""
    rule = QFrame(parent)
    rule.setProperty("kind", "line")
    rule.setFixedHeight(1)
    return rule
