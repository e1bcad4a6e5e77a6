"""Leave one centre out: a fold for each hospital, whose frames no model of that fold has learnt from."""

from collections.abc import Iterator, Sequence

from endodesk.dataset.centres import told_one_sided
from endodesk.dataset.folds import without_centre
from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.split import told_plain
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import printable
from training.crossval.crossval import MOST_FOLDS, CrossvalPlan, frames_to_deal
from training.plan.config import Config


def plan_left_out(rows: Sequence[ManifestRow], config: Config) -> CrossvalPlan:
    """One fold a centre: it is tested, the others are learnt from. Frames without a centre are learnt from in all folds.

    A centre that leaves no two classes, or nothing of its own to be tested, is told and stays among the others. BadRequest with a
    sentence as `plan_crossval`, and if fewer than two centres are named or none can be left out.
    """
    grouped, config, warnings = frames_to_deal(rows, config)
    named = sorted({row.centre for row in grouped} - {""})
    if len(named) < 2:
        raise BadRequest(
            "To leave out a centre, frames of two at least must be named: say what tells it (--centre above, for folders hospital/class)."
        )
    why_not = {centre: why for centre in named if (why := _why_not(grouped, centre))}
    tested = tuple(centre for centre in named if centre not in why_not)
    if not tested:
        raise BadRequest(f"No centre can be left out. {next(iter(why_not.values()))}")
    if len(tested) > MOST_FOLDS:
        raise BadRequest(f"There are {len(tested)} centres, and at most {MOST_FOLDS} can be left out in turn: name them more coarsely.")
    places = {centre: place for place, centre in enumerate(tested)}
    dealt = tuple(places.get(row.centre, -1) for row in grouped)
    lost = [told for centre in tested for told in _lost(grouped, centre)]
    notes = (*warnings, *why_not.values(), *lost, *_nameless(grouped), *told_one_sided(grouped), *told_plain(grouped))
    plan = CrossvalPlan(config, len(tested), tuple(grouped), (dealt,), notes, tested)
    for run, centre in zip(plan.runs, tested, strict=True):
        if not {"train", "val"} <= {row.part for row in run.rows}:
            raise BadRequest(f"Without {printable(centre)} there are too few groups of frames to learn from and to stop by: add frames.")
    return plan


def _why_not(rows: Sequence[ManifestRow], centre: str) -> str:
    rest, tested = without_centre(rows, centre)
    labels = sorted({row.label for row in rest})
    if len(labels) < 2:
        return f"{printable(centre)} cannot be left out: without it there are frames of {labels[0] if labels else 'no class'} only."
    if not tested:
        return f"{printable(centre)} cannot be left out: without it there are no frames of the classes that it has."
    return ""


def _lost(rows: Sequence[ManifestRow], centre: str) -> Iterator[str]:
    rest, tested = without_centre(rows, centre)
    learnt = {row.label for row in rest}
    if missing := sorted({row.label for row in rows} - learnt):
        untested = sum(row.centre == centre for row in rows) - len(tested)
        yield (
            f"Without {printable(centre)} there are too few frames of {' and '.join(missing)}: the model that is tested on it does not "
            f"know {'this class' if len(missing) == 1 else 'these classes'}, and {untested} of its frames are not asked about."
        )
    kept_back = sum(row.centre != centre and row.label in learnt for row in rows) - len(rest)
    if kept_back:
        frames, belong = ("1 frame", "belongs") if kept_back == 1 else (f"{kept_back} frames", "belong")
        yield f"{frames} of other centres {belong} together with frames of {printable(centre)}: the model tested on it goes without."


def _nameless(rows: Sequence[ManifestRow]) -> Iterator[str]:
    if n := sum(not row.centre for row in rows):
        yield f"{'1 frame has' if n == 1 else f'{n} frames have'} no centre: all models learn from them, and none is tested on them."
