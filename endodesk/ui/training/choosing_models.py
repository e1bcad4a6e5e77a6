"""Small dialogs beside the list of models: what a reader calls one, why one is used all the same, and how much worse a new one may be."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import LONGEST_NAME, ModelWords
from endodesk.app.project.project import Project
from endodesk.app.retraining.gate import PromotionRule, rule_of, set_rule
from endodesk.domain.errors import EndoDeskError
from endodesk.ui.training.reason_line import ReasonLine
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.number_boxes import DecimalBox
from endodesk.ui.widgets.plain_text import title_text
from endodesk.ui.widgets.theme import GRID_PX, text_label

_WIDTH_PX = 520


class _AskingDialog(FittingDialog):
    """OK keeps what is said, and closes only if it was kept."""

    def __init__(self, title: str, keep: Callable[[], None], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._keep = keep
        self.setWindowTitle(title_text(title))
        self.told = text_label("", "warning", wrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self._try)
        self.buttons.rejected.connect(self.reject)

    def _try(self) -> None:
        try:
            self._keep()
        except EndoDeskError as error:
            self.told.setText(str(error))
        else:
            self.accept()


class ModelNameDialog(_AskingDialog):
    """A name and a note of the reader's own; the name that the model came with is shown where the own one is empty."""

    def __init__(self, given: str, said: ModelWords, keep: Callable[[str, str], None], parent: QWidget | None = None) -> None:
        """`given` is the model's first name; `keep` takes name and note, and raises EndoDeskError where it cannot."""
        self.name, self.note = QLineEdit(said.name), QPlainTextEdit(said.note)
        super().__init__(tr("Name and note"), lambda: keep(self.name.text(), self.note.toPlainText()), parent)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(given)
        self.note.setTabChangesFocus(True)
        self.ask_for(_WIDTH_PX, 300)
        named, noted = tr("Name (empty: as it came)"), tr("Note, for whoever chooses a model")
        self.name.setAccessibleName(named)
        self.note.setAccessibleName(noted)
        fill(QVBoxLayout(self.page), text_label(named), self.name, text_label(noted), (self.note, 1), self.told, self.buttons)


class ReasonDialog(_AskingDialog):
    """What speaks against a model, and why a reader uses it all the same; what is written stays until it was kept."""

    def __init__(self, objections: Sequence[str], keep: Callable[[str], None], parent: QWidget | None = None) -> None:
        """`keep` takes the reason, and raises EndoDeskError where it cannot."""
        self.reason = ReasonLine()
        super().__init__(tr("Reason"), lambda: keep(self.reason.text()), parent)
        self.objections = text_label("", wrap=True)
        asked = text_label(tr("Why is it to be used all the same? That goes on record with your name:"), wrap=True)
        self.ask_for(_WIDTH_PX, 220)
        fill(QVBoxLayout(self.page), self.objections, asked, self.reason, SPACE, self.told, self.buttons)
        self.reason.textChanged.connect(self._tell_given)
        self.show_objections(objections)
        self._tell_given()
        self.reason.setFocus()

    def show_objections(self, objections: Sequence[str]) -> None:
        """Say what speaks against the model now."""
        self.objections.setText("\n".join(objections))

    def _tell_given(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self.reason.is_given)


# Why: docs/decisions/app.md 46
class RuleDialog(_AskingDialog):
    """How much worse than the active model a new one may be before a reason is asked for."""

    def __init__(self, project: Project, reader: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Rule for new models"), self._set, parent)
        self._project, self._reader = project, reader
        self.macro_f1, self.recall = (_points(value) for value in _shares(rule_of(project)))
        about = tr(
            "A new model is used without a reason only where its figures on the same test frames are not much worse than those of the "
            "active one. Who changes this rule goes on record, and so does the rule with each decision."
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID_PX)
        rows = (
            (tr("Macro F1 may be lower by, at the lower end of its 95 % interval"), self.macro_f1),
            (tr("The recall of any class may be lower by"), self.recall),
        )
        for row, (words, box) in enumerate(rows):
            grid.addWidget(text_label(words, wrap=True), row, 0)
            grid.addWidget(box, row, 1)
            box.setAccessibleName(words)
        grid.setColumnStretch(0, 1)
        self.defaults = self.buttons.addButton(tr("&Defaults"), QDialogButtonBox.ButtonRole.ResetRole)
        self.defaults.clicked.connect(self._show_defaults)
        self.ask_for(_WIDTH_PX, 260)
        fill(QVBoxLayout(self.page), text_label(about, "quiet", wrap=True), grid, SPACE, self.told, self.buttons)

    def _show_defaults(self) -> None:
        for box, value in zip((self.macro_f1, self.recall), _shares(PromotionRule()), strict=True):
            box.setValue(100 * value)

    def _set(self) -> None:
        rule = PromotionRule(round(self.macro_f1.value() / 100, 6), round(self.recall.value() / 100, 6))
        if rule != rule_of(self._project):
            set_rule(self._project, rule, reader=self._reader)


def _shares(rule: PromotionRule) -> tuple[float, float]:
    return rule.macro_f1, rule.recall


def _points(share: float) -> DecimalBox:
    box = DecimalBox()
    box.setRange(0, 100)
    box.setDecimals(1)
    box.setSingleStep(0.5)
    box.setSuffix(tr(" points"))
    box.setValue(100 * share)
    return box
