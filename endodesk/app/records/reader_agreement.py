"""How far the readers of a project agree: what each said last of each frame, whoever spoke after them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.project.project import Project
from endodesk.app.records.plan_report import PlanReport, plan_as_json, report_plan
from endodesk.app.records.portable import portable_record
from endodesk.dataset.agreement import Agreement, Figure, PairAgreement, Ratings, measure, measure_pairs
from endodesk.domain.acts import Act
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import AnnotationKind
from endodesk.domain.shown_text import visible
from endodesk.system.atomic import whole_folder

RESEARCH_ONLY = "Research use only."


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The figures of a project."""

    readers: tuple[str, ...]
    classes: tuple[str, ...]
    labelled: Mapping[str, int]
    """Frames by reader."""
    together: Agreement
    pairs: tuple[PairAgreement, ...]
    by_class: Mapping[str, Agreement]
    """Each class against all others."""
    by_case: Mapping[str, Agreement]
    """Cases with a frame that two have labelled."""
    plan: PlanReport | None = None
    """Of a study by a read plan."""


def report_agreement(project: Project, rows: FrameRows) -> AgreementReport:
    """For a job. BadRequest if fewer than two readers have labelled, or no frame was labelled by two; with a read plan if nobody has."""
    record = portable_record(project, rows)
    ratings = ratings_of(record.acts)
    plan = report_plan(project, rows, ratings.classes, {frame.sha256: frame.case for frame in record.frames})
    if len(ratings.readers) < (1 if plan else 2):
        raise BadRequest("Fewer than two readers have labelled here: give a second one their own name (File > Reader's name), or import.")
    together = measure(ratings)
    if not together.percent.n and not plan:
        raise BadRequest(f"No frame was labelled by two of the readers ({', '.join(map(visible, ratings.readers))}).")
    shared = (ratings.given >= 0).sum(axis=1) >= 2
    cases = np.array(ratings.cases, object)
    named = sorted({case for case, counts in zip(ratings.cases, shared, strict=True) if counts})
    return AgreementReport(
        ratings.readers,
        ratings.classes,
        {reader: int((column >= 0).sum()) for reader, column in zip(ratings.readers, ratings.given.T, strict=True)},
        together,
        tuple(measure_pairs(ratings)),
        {name: measure(ratings.against_rest(name)) for name in ratings.classes},
        {case: measure(ratings.of(cases == case)) for case in named},
        plan,
    )


def ratings_of(acts: Sequence[Act]) -> Ratings:
    """The last label of each reader on each frame; one that was taken back, also by undoing an import, is none."""
    last: dict[tuple[str, str], Act] = {}
    for act in acts:
        if act.kind != AnnotationKind.LABEL or not act.sha256:
            continue
        if act.stands:
            last[act.sha256, act.reader] = act
    frames = sorted({frame for frame, _ in last})
    readers, classes = sorted({reader for _, reader in last}), sorted({act.value for act in last.values()})
    row_of, column_of, number_of = ({name: n for n, name in enumerate(names)} for names in (frames, readers, classes))
    given = np.full((len(frames), len(readers)), -1, np.int32)
    cases = list(frames)  # a frame that is not in the folder is a case of its own
    for (frame, reader), act in last.items():
        given[row_of[frame], column_of[reader]] = number_of[act.value]
        cases[row_of[frame]] = act.case or frame
    return Ratings(tuple(readers), tuple(classes), given, tuple(cases))


# --- what is written --------------------------------------------------------------------------------------------------


def write_report(report: AgreementReport, out: Path) -> list[Path]:
    """`agreement.json`, and where matplotlib is installed a plot of each pair, into a new folder. BadRequest, EndoDeskError."""
    from training.evaluation.plots import can_plot, png

    if out.exists():
        raise BadRequest(f"{out} is there already. Name a folder to make.")
    with whole_folder(out) as folder:
        (folder / "agreement.json").write_text(json.dumps(as_json(report), indent=1, ensure_ascii=False), "utf-8")
        size = 3 + 0.7 * len(report.classes)
        for name, pair in _plotted(report) if can_plot() else ():
            drawn = png(partial(_draw, pair, report.classes), width=size, height=size)
            (folder / f"{name}.png").write_bytes(drawn)
    return sorted(out.iterdir())


def _plotted(report: AgreementReport) -> Iterator[tuple[str, PairAgreement]]:
    """Each two readers, and each reader of a plan with themselves, by the names of their plots."""
    for number, pair in enumerate(report.pairs, 1):
        yield f"readers-{number}", pair
    for number, reader in enumerate(report.plan.readers.values() if report.plan else (), 1):
        if reader.with_themselves:
            yield f"second-reads-{number}", reader.with_themselves


def as_json(report: AgreementReport) -> dict[str, Any]:
    """All figures, each with its interval and the frames that it is of."""
    pairs = [
        {
            "readers": pair.readers,
            "percent": asdict(pair.percent),
            "cohens_kappa": asdict(pair.kappa),
            "confusion": pair.confusion.tolist(),
        }
        for pair in report.pairs
    ]
    return {
        "use": RESEARCH_ONLY,
        "readers": dict(report.labelled),
        "classes": report.classes,
        "interval": "95 %, whole cases resampled 2,000 times",
        "together": _figures(report.together),
        "pairs": pairs,
        "by_class": {name: _figures(found) for name, found in report.by_class.items()},
        "by_case": {name: _figures(found) for name, found in report.by_case.items()},
        "plan": plan_as_json(report.plan) if report.plan else None,
    }


def _figures(found: Agreement) -> dict[str, Any]:
    figures: dict[str, Figure] = {"percent": found.percent, "krippendorffs_alpha": found.alpha, "fleiss_kappa": found.fleiss}
    return {**{name: asdict(figure) for name, figure in figures.items()}, "cases": found.cases}


def _draw(pair: PairAgreement, classes: Sequence[str], figure: Any) -> None:
    """Counts, coloured by the share of what the first reader said (rows)."""
    shares = pair.confusion / np.maximum(pair.confusion.sum(axis=1, keepdims=True), 1)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    names, places = [visible(name)[:28] for name in classes], range(len(classes))
    axes.set_xticks(places, names, rotation=30, ha="right", rotation_mode="anchor")
    axes.set_yticks(places, names)
    axes.set_ylabel(visible(pair.readers[0])[:40])
    axes.set_xlabel(visible(pair.readers[1])[:40])
    for row, column in np.ndindex(pair.confusion.shape):
        dark = shares[row, column] > 0.5
        axes.text(column, row, f"{pair.confusion[row, column]:,}", ha="center", va="center", color="white" if dark else "black")
    kappa = "not defined" if pair.kappa.value is None else f"{pair.kappa.value:.2f}"
    axes.set_title(f"n {pair.percent.n:,}, Cohen's kappa {kappa}. {RESEARCH_ONLY}", fontsize=8)
