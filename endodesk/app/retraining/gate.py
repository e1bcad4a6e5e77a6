"""The gate: a model becomes the active one where the figures support it, or where a reader writes why it does all the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endodesk.app.language import marked, tr
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import trained_here
from endodesk.app.project.starter import WHY, WHY_OF_DEMO
from endodesk.data.chain.writing import ActNote
from endodesk.data.model_store import Promotion
from endodesk.data.setting_store import PROMOTION_RULE
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import BundleId
from endodesk.inference.bundle import described

if TYPE_CHECKING:  # the window starts without anything of training
    from training.evaluation.compared_models import ComparedModel
    from training.evaluation.paired_comparison import PairedComparison

LONGEST_REASON = 500
FIRST = marked("there was no model before")  # kept in English, told in the language of who reads it
WENT_BACK = marked("gone back to, without asking the project's rule")
ALREADY = marked("it is the active model already")
PASSED = marked("passed the project's rule on the test frames")
CHANGED = marked("The active model or the rule has changed meanwhile: look once more. What you wrote is still there.")
"""Where a model is no longer judged as it was when a reader was shown the verdict."""
_WENT_BACK_BEFORE = marked("gone back to")
OF_BEFORE = (
    _WENT_BACK_BEFORE,
    marked("retrained; test figures compared by the reader"),
    marked("chosen in the list of models"),
    marked("retrained from the command line"),
)
"""What earlier programs put on record: still told in the language of who reads it."""
_BACK, _OURS = (WENT_BACK, _WENT_BACK_BEFORE), ("", FIRST, WENT_BACK, ALREADY, PASSED, WHY, WHY_OF_DEMO, *OF_BEFORE)


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """How much worse than the active model a new one may be; shares. BadRequest if these are none."""

    macro_f1: float = 0.01
    """The lower end of the interval of the difference may lie so far below nought."""
    recall: float = 0.05
    """The recall of any class may be lower by so much."""

    def __post_init__(self) -> None:
        if not (0 <= self.macro_f1 <= 1 and 0 <= self.recall <= 1):
            raise BadRequest(tr("A model may be worse by 0 to 100 %, not by less or more."))


class Objection(StrEnum):
    """Why the figures do not support a model."""

    NOT_COMPARED = "not compared"
    FEW_GROUPS = "too few groups"
    MACRO_F1 = "macro F1"
    RECALL = "recall"
    CLASS_LOST = "class lost"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rule says of making a model the active one."""

    bundle: BundleId
    rule: PromotionRule
    compared: "ComparedModel | None" = None
    """With the model that is active now."""
    objections: tuple[tuple[Objection, str], ...] = ()
    """Each with the class that it is about, or empty."""
    plain: str = ""
    """Why there is nothing to judge: FIRST, WENT_BACK or ALREADY."""

    @property
    def passes(self) -> bool:
        """Whether the model may be used without a reason."""
        return not self.objections

    def told(self) -> dict[str, Any]:
        """What was in sight, for the record; whether the rule let it pass only where it was asked."""
        asked: dict[str, Any] = {"asked": False} if self.plain else {"passes": self.passes}
        seen: dict[str, Any] = {"rule": [self.rule.macro_f1, self.rule.recall], **asked}
        if self.objections:
            seen["objections"] = [f"{what} {name}".strip() for what, name in self.objections]
        if self.compared:
            found = self.compared.comparison
            seen |= {"beside": self.compared.model, "n": found.n, "groups": found.groups, "mended": found.mended, "broken": found.broken}
            seen["macro_f1"] = [found.macro_f1.value, *(found.macro_f1.interval or ())]
            seen["recall"] = {name: one.value for name, one in found.recall.items()}
        return seen


def rule_of(project: Project) -> PromotionRule:
    """The project's rule; the default where none was chosen, what is kept is none, or the project comes from elsewhere."""

    def build(kept: Any) -> PromotionRule:
        macro_f1, recall = kept
        return PromotionRule(float(macro_f1), float(recall))

    return project.database.settings.read(PROMOTION_RULE, build, PromotionRule()) if project.is_own else PromotionRule()


def set_rule(project: Project, rule: PromotionRule, *, reader: str) -> None:
    """Keep a rule; who chose it goes on record. EndoDeskError if it could not be saved."""
    project.database.settings.set(PROMOTION_RULE, [rule.macro_f1, rule.recall], reader=reader)


# Why: docs/decisions/app.md 46
def judge(project: Project, bundle: ModelBundle, *, trained_now: bool = False) -> Judgement:
    """What the project's rule says of using a model instead of the active one, by the test frames of the model's own run.

    A model may be gone back to without being judged if the active one took its place, or if it was never used for a reason that the rule
    had asked for; but not one that a training has made once more just now (`trained_now`). Where there is none any model may be used.
    """
    rule, models, active = rule_of(project), project.database.models, project.active_model
    if not models.any_promoted():
        return Judgement(bundle.id, rule, plain=FIRST)
    if active and active.bundle.id == bundle.id:
        return Judgement(bundle.id, rule, plain=ALREADY)
    if not trained_now and _may_be_gone_back_to(bundle.id, models.promotions()):
        return Judgement(bundle.id, rule, plain=WENT_BACK)
    compared = _compared(project, bundle, active.bundle.id) if active else None  # what is known of the active one may be damaged
    lost = lost_classes(project.label_set, bundle, active.bundle) if active else ()
    return Judgement(bundle.id, rule, compared, objections(compared.comparison if compared else None, rule, lost))


def _may_be_gone_back_to(model: BundleId, promotions: Sequence[Promotion]) -> bool:
    """Whether one click is enough, by all promotions there were, oldest first."""
    way: list[BundleId] = []  # to the active model, without what was gone back from
    for promotion in promotions:
        way = [*(way[: way.index(promotion.bundle)] if promotion.bundle in way else way), promotion.bundle]
    whys = [promotion.why for promotion in promotions if promotion.bundle == model and promotion.why not in _BACK]
    return model in way[-2:-1] or (bool(whys) and whys[-1] in _OURS)


def lost_classes(label_set: LabelSet, new: ModelBundle, old: ModelBundle) -> tuple[str, ...]:
    """Classes of the project that the old model can answer and the new one cannot: no figure over what both know tells of them."""
    known = [set(map(label_set.class_of, bundle.classes)) for bundle in (new, old)]
    return tuple(name for name in label_set.names if name in known[1] - known[0])


def objections(comparison: "PairedComparison | None", rule: PromotionRule, lost: Sequence[str] = ()) -> tuple[tuple[Objection, str], ...]:
    """What speaks against a new model, by a rule and by the classes that are `lost` with it."""
    found: list[tuple[Objection, str]] = [(Objection.CLASS_LOST, name) for name in lost]
    if comparison is None:
        return ((Objection.NOT_COMPARED, ""), *found)
    if comparison.macro_f1.interval is None:
        found.append((Objection.FEW_GROUPS, ""))
    elif comparison.macro_f1.interval[0] < -rule.macro_f1:
        found.append((Objection.MACRO_F1, ""))
    # a hair for what adding shares of floating point does
    found += [(Objection.RECALL, name) for name, one in comparison.recall.items() if one.value < -rule.recall - 1e-9]
    return tuple(found)


def reason_and_note(judgement: Judgement, why: str) -> tuple[str, ActNote]:
    """What goes on record of a promotion: why, and what was in sight. BadRequest if the rule objects and nobody says why."""
    why = why.strip()
    if not judgement.passes and not why:
        raise BadRequest(tr("The figures do not support this model. Write why it is to be used all the same."))
    if not judgement.passes and why in _OURS:
        raise BadRequest(tr("Write the reason in words of your own: these are what EndoDesk writes where it asks for none."))
    if len(why) > LONGEST_REASON:
        raise BadRequest(tr("Write the reason in at most {n} letters.").format(n=LONGEST_REASON))
    return why or judgement.plain or PASSED, ActNote(told=judgement.told())


def promote(project: Project, judgement: Judgement, *, reader: str, why: str = "") -> None:
    """Make a model of the project the active one, for whoever shows no answers of it. Raises as `reason_and_note` does."""
    reason, note = reason_and_note(judgement, why)
    project.database.models.promote(judgement.bundle, reader=reader, why=reason, at=datetime.now(UTC), note=note)


def _compared(project: Project, bundle: ModelBundle, active: BundleId) -> "ComparedModel | None":
    from training.evaluation.compared_models import read_comparisons

    # figures of a project from elsewhere are anybody's: they decide nothing here
    if not project.is_own or not trained_here(project, bundle) or not _made_by(project.runs_folder / bundle.run, bundle):
        return None
    try:
        found = read_comparisons(project.runs_folder / bundle.run)
    except BadRequest:
        return None
    return next((one for one in found if one.model == active), None)


def _made_by(run: Path, bundle: ModelBundle) -> bool:
    """Whether a run's model is this one: a changed copy names the same run. Believed where the run's own copy was cleared away."""
    from training.plan.run_folder import BUNDLE

    try:
        return described(run / BUNDLE).id == bundle.id
    except BadBundle:
        return not (run / BUNDLE).exists()
