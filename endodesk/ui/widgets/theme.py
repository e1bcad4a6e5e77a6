"""The look: a calm reading room, dark or light. One spacing grid, one type scale, colours that the colour-blind tell apart.

Colours are asked for when something is painted (`colours().text`), never kept: the theme may change while the window is open.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from endodesk.domain.label_set import LabelSet
from endodesk.ui.widgets.plain_text import PlainLabel
from resources import ICONS

GRID_PX = 8
NARROWEST_BOX_PX = 110
"""A box of choices may be cut off to this: one long name must not make a window as wide."""
LARGE_TEXT, HEADING_WEIGHT = 1.3, 600
"""The type scale: text as the system has it, large text as a multiple of it, headings by weight and colour alone."""
PICTURE_GROUND = "#101214"
"""Behind pictures, and under what is written over them, in both themes: mucosa is judged against black."""
ON_PICTURE = "#e6e8ea"
_TITLE_PX = 40
"""Room for what the system draws around a window."""


@dataclass(frozen=True, slots=True)
class Colours:
    """What is painted with what, as #rrggbb. Text on any ground that it stands on has a contrast of 4.5:1 at least (a test holds it)."""

    ground: str
    panel: str
    raised: str
    line: str
    text: str
    quiet: str
    disabled: str
    accent: str
    warning: str
    warning_fill: str
    """Ground of a mark of warning, under dark text."""
    chosen: str
    """Ground of what is chosen or is the main thing to press, and text on it."""
    on_chosen: str
    chosen_rim: str
    bar: str
    """The part of a progress bar that is done, under the text of the bar."""


DARK = Colours(
    ground="#16181b", panel="#1e2125", raised="#2a2e34", line="#3a4048", text="#e6e8ea", quiet="#a9b1bb", disabled="#78808a",
    accent="#56B4E9", warning="#F0B04A", warning_fill="#F0B04A", chosen="#1f5f86", on_chosen="#ffffff", chosen_rim="#2f81b3", bar="#24698f",
)  # fmt: skip
LIGHT = Colours(
    ground="#f7f8f9", panel="#eef0f2", raised="#ffffff", line="#c3c9d0", text="#1b1e22", quiet="#4d555f", disabled="#7a828c",
    accent="#0072B2", warning="#8a4b00", warning_fill="#F0B04A", chosen="#cfe6f5", on_chosen="#0b2c42", chosen_rim="#0072B2", bar="#8cc4e8",
)  # fmt: skip
THEMES = {"dark": DARK, "light": LIGHT}


_OWN_SIZE = "size of text before it was changed"


class ThemeNews(QObject):
    """Tells when another theme is on, for what is not painted anew by itself: icons, plots, style sheets of single widgets."""

    changed = Signal()


NEWS = ThemeNews()
_current = DARK


def colours() -> Colours:
    """The colours of the theme that is on now; ask at each painting, for the theme may change."""
    return _current


def theme_of(choice: str) -> str:
    """What a choice of the settings comes to: "system" is what the system says, dark where it says nothing."""
    if choice in THEMES:
        return choice
    return "light" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light else "dark"


def apply_theme(application: QApplication, choice: str = "dark", *, text_percent: int = 100) -> None:
    """Set palette, size of text and style sheet for the whole program; `choice` is "system" or one of THEMES."""
    global _current
    _current = THEMES[theme_of(choice)]
    application.setStyle("Fusion")  # the one style that obeys palette and style sheet alike on every system
    font = application.font()
    if application.property(_OWN_SIZE) is None:  # kept once: a percentage of what was set last would grow each time
        application.setProperty(_OWN_SIZE, font.pointSizeF())
    font.setPointSizeF(float(application.property(_OWN_SIZE)) * text_percent / 100)
    application.setFont(font)
    application.setPalette(_palette(_current))
    application.setStyleSheet(_style(_current))
    NEWS.changed.emit()


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, c.panel), (role.WindowText, c.text), (role.Base, c.ground), (role.AlternateBase, c.panel), (role.Text, c.text),
        (role.Button, c.raised), (role.ButtonText, c.text), (role.BrightText, c.warning), (role.Highlight, c.chosen),
        (role.HighlightedText, c.on_chosen), (role.ToolTipBase, c.raised), (role.ToolTipText, c.text), (role.PlaceholderText, c.quiet),
        (role.Link, c.accent), (role.Light, c.raised), (role.Midlight, c.line), (role.Mid, c.line),
        (role.Dark, c.line), (role.Shadow, c.ground),
    ):  # fmt: skip
        palette.setColor(target, QColor(colour))
    for target in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(c.disabled))
    return palette


def _style(c: Colours) -> str:
    # quoted for a style sheet: the program may lie where paths have spaces or quotes
    check = (ICONS / ("check.svg" if c is DARK else "check-dark.svg")).as_posix().replace("\\", "\\\\").replace('"', '\\"')
    return f"""
QMainWindow, QDialog {{ background: {c.ground}; }}
QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; padding: 4px; }}
QMenuBar, QMenu, QToolBar {{ background: {c.panel}; color: {c.text}; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {c.chosen}; color: {c.on_chosen}; }}
QMenu::item:disabled {{ color: {c.disabled}; }}
QListView, QTableWidget, QScrollArea, CardsView {{ background: {c.panel}; border: none; }}
QListView:focus, CardsView:focus, QTableWidget:focus {{ border: 1px solid {c.accent}; }}
QLineEdit, QPlainTextEdit {{ background: {c.ground}; border: 1px solid {c.line}; border-radius: 4px; padding: 4px 6px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border: 1px solid {c.accent}; }}
QAbstractSpinBox[doubtful="true"] {{ color: {c.warning}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 4px; padding: 6px 12px; }}
QPushButton:hover {{ border-color: {c.accent}; }}
QPushButton:focus {{ border: 1px solid {c.accent}; }}
QToolButton:focus {{ border: 1px solid {c.accent}; border-radius: 3px; }}
QSlider:focus {{ border: 1px solid {c.accent}; border-radius: 3px; }}
QPushButton[kind="chip"] {{ padding: 2px 7px; border-radius: 9px; }}
QPushButton[kind="chip"]:checked {{ background: {c.chosen}; color: {c.on_chosen}; border-color: {c.chosen_rim}; }}
QPushButton:disabled {{ color: {c.disabled}; }}
QPushButton:checked {{ background: {c.chosen}; color: {c.on_chosen}; border-color: {c.accent}; }}
QPushButton[kind="main"] {{ background: {c.chosen}; color: {c.on_chosen}; border-color: {c.chosen_rim}; }}
QPushButton[kind="main"]:disabled {{ background: {c.raised}; color: {c.disabled}; border-color: {c.line}; }}
QPushButton:checked:focus, QPushButton[kind="main"]:focus, QPushButton[kind="chip"]:checked:focus {{ border: 2px solid {c.text}; }}
QScrollArea:focus {{ border: 1px solid {c.accent}; }}
QScrollArea[kind="room"] {{ background: transparent; }}
QLabel[kind="quiet"] {{ color: {c.quiet}; }}
QLabel[kind="heading"] {{ font-weight: {HEADING_WEIGHT}; color: {c.quiet}; }}
QLabel[kind="large"] {{ font-size: {_points(LARGE_TEXT):.1f}pt; font-weight: {HEADING_WEIGHT}; }}
QLabel[kind="warning"] {{ color: {c.warning}; }}
QFrame[kind="line"] {{ background: {c.line}; max-height: 1px; border: none; }}
QSplitter::handle {{ background: {c.ground}; }}
QStatusBar {{ background: {c.panel}; color: {c.quiet}; }}
QProgressBar {{ border: 1px solid {c.line}; border-radius: 3px; background: {c.ground}; color: {c.text}; text-align: center; }}
QProgressBar::chunk {{ background: {c.bar}; }}
QCheckBox::indicator, QTableView::indicator, QListView::indicator {{
    width: 14px; height: 14px; border: 1px solid {c.quiet}; border-radius: 3px; }}
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {{
    background: {c.chosen_rim if c is DARK else c.bar}; border-color: {c.chosen_rim}; image: url("{check}"); }}
QCheckBox::indicator:disabled {{ border-color: {c.line}; }}
QCheckBox::indicator:focus {{ border: 2px solid {c.accent}; }}
QRadioButton:focus {{ color: {c.accent}; }}
QTabWidget::pane {{ border: 1px solid {c.line}; background: {c.ground}; }}
QTabBar::tab:focus {{ color: {c.accent}; }}
QHeaderView::section {{ background: {c.raised}; color: {c.quiet}; border: none; padding: 4px 8px; }}
"""


def _points(scale: float) -> float:
    """The size in points of text that is so many times as large as the program's."""
    return max(6.0, QApplication.font().pointSizeF()) * scale


def class_colour(label_set: LabelSet, name: str) -> QColor:
    """The colour that a class has in the project; grey for one that it does not have."""
    return QColor(label_set.colour_of(name) or "#A3ABB5")


# Why: docs/decisions/ui.md 10
def readable(colour: QColor, ground: str) -> QColor:
    """A colour as text on a ground: made darker or lighter, without another hue, until its contrast is 4.5:1."""
    hue, saturation, lightness = colour.hslHueF(), colour.hslSaturationF(), colour.lightnessF()
    step = -0.02 if luminance(QColor(ground)) > 0.18 else 0.02  # at this luminance black and white stand out alike
    shade = QColor(colour)
    while contrast(shade, QColor(ground)) < 4.5 and 0.0 < lightness < 1.0:
        lightness = min(1.0, max(0.0, lightness + step))
        shade = QColor.fromHslF(max(hue, 0.0), saturation, lightness)
    return shade


def contrast(a: QColor, b: QColor) -> float:
    """WCAG 2's contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    """WCAG 2's relative luminance, 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (colour.redF(), colour.greenF(), colour.blueF())]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def text_label(text: str = "", kind: str = "", *, wrap: bool = False) -> PlainLabel:
    """A label of one of the kinds of the style sheet; its text is never taken for HTML."""
    label = PlainLabel(text)
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
