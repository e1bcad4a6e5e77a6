"""The report of an evaluation as one HTML file that opens offline: pictures inside, nothing fetched, nothing run."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from endodesk.domain.images import printable
from training.evaluation.centre_figures import CentreFigures
from training.evaluation.metrics import Metrics
from training.evaluation.mistake_list import Mistake
from training.evaluation.report_words import (
    HOW,
    SHORT,
    STYLE,
    TITLES,
    TITLES_BY_CENTRE,
    TO_OPEN,
    TO_OPEN_TEST,
    TOO_GOOD,
    compared_told,
    interval,
    number,
    percent,
    share_of_gain,
    windows_told,
)
from training.evaluation.scores import SCORES
from training.evaluation.shortcut_probe import PROBES, WHOLE
from training.plan.run_folder import MISTAKES

_CLAIM = "Research use only. Not for diagnosis."
_LISTED = 200
"""Mistakes that are named, the most confident ones."""
_MATRIX = {"confusion.png": "Confusion matrix", "roc.png": "ROC curves"}


# Why: docs/decisions/evaluation.md 10
def report_html(
    title: str, metrics: Metrics, pictures: Mapping[str, bytes], mistakes: Sequence[Mistake] = (), names: Sequence[str] = ()
) -> str:
    """From what metrics.json holds, pictures (file name -> PNG), and the mistakes with the names of their frames.

    All text is escaped: names of files and classes are anybody's.
    """
    parts = [
        _header(title, metrics),
        _section("Key figures", _cards(metrics), SHORT["key"]),
        _section("Classes", _classes(metrics), SHORT["classes"]),
        _section("Centres", _centres(metrics.get("centres"), metrics.get("centre_notes", ())), SHORT["centres"]),
        _section("Confusion matrix and ROC curves", _confusion(metrics, pictures), ""),
        _section("Can the probabilities be believed?", _calibration(metrics, pictures), SHORT["calibration"]),
        _section("When to say “not sure”", _coverage(metrics, pictures), SHORT["coverage"]),
        _section("Shortcut probe", _probe(metrics, pictures), SHORT["probe"]),
        _section("Device or mucosa?", _windows(metrics.get("windows")), SHORT["windows"]),
        _section("Mistakes", _mistakes(metrics, pictures, list(zip(names, mistakes, strict=True))), SHORT["mistakes"]),
        _section("How the figures were made", _how(metrics), ""),
    ]
    return _page(title, parts)


def left_out_html(title: str, facts: Mapping[str, str], centres: CentreFigures, notes: Sequence[str]) -> str:
    """The report of a cross-validation by leaving out a centre at a time: what each unseen one came to. All text is escaped."""
    rows = "".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in facts.items())
    header = f"<header><h1>{_text(title)}</h1><p class=claim>{_CLAIM}</p><dl>{rows}</dl></header>"
    return _page(title, [header, _section("Centres that were left out", _centres(centres, notes), SHORT["centres"])])


def _page(title: str, parts: Sequence[str]) -> str:
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    # should a name ever get past the escaping, it can load, run and send nothing; the one style is allowed by its hash
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head>\n<body><main>\n"
        + "\n".join(part for part in parts if part)
        + f"\n<footer>{_CLAIM} This file holds pictures of the frames and their names: keep it as you keep the frames.</footer>\n"
        "</main></body></html>\n"
    )


def _header(title: str, metrics: Metrics) -> str:
    facts = [
        ("Model", f"{metrics.get('model_name', '')} ({metrics.get('model', '')})"),
        ("Frames", f"{metrics['n']} in {metrics['groups']} groups{_from(metrics)}"),
        ("Classes", ", ".join(metrics["classes"])),
        ("Recipe", metrics.get("recipe", "")),
        ("Split of the training", metrics.get("split_fingerprint") or "not known"),
    ]
    if metrics.get("left_out"):
        facts.append(
            ("Left out", ", ".join(f"{n} of {name}" for name, n in metrics["left_out"].items()) + ": not among the model's classes")
        )
    if metrics.get("unreadable"):
        facts.append(("Could not be read", str(metrics["unreadable"])))
    rows = "".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in facts)
    warning = "<p class=warning>The model was trained on generated frames: its figures say nothing of patients.</p>"
    return (
        f"<header><h1>{_text(title)}</h1><p class=claim>{_CLAIM}</p>{warning if metrics.get('synthetic') else ''}<dl>{rows}</dl></header>"
    )


def _from(metrics: Metrics) -> str:
    return f", the {metrics['part']} part of the split" if metrics.get("part") else f", from {metrics.get('folder', '')}"


def _cards(metrics: Metrics) -> str:
    told, macro = metrics["intervals"], metrics["macro"]
    cards = [
        ("Accuracy", percent(metrics["accuracy"]), interval(told["accuracy"], percent)),
        ("Balanced accuracy", percent(metrics["balanced_accuracy"]), interval(told["balanced_accuracy"], percent)),
        ("Macro F1", percent(macro["f1"]), interval(told["macro"]["f1"], percent)),
        ("Macro AUROC", number(macro["auroc"]), interval(told["macro"]["auroc"], number)),
        ("MCC", number(metrics["mcc"]), interval(told["mcc"], number)),
        ("Kappa", number(metrics["kappa"]), interval(told["kappa"], number)),
        ("ECE", number(metrics["ece"]), interval(told["ece"], number)),
        ("Brier score (0 to 2)", number(metrics["brier"]), interval(told["brier"], number)),
    ]
    cells = "".join(f"<div class=card><b>{_text(v)}</b><i>{_text(i)}</i><span>{_text(n)}</span></div>" for n, v, i in cards)
    beside = "".join(f"<p>{_text(compared_told(one))}</p>" for one in metrics.get("compared", ()))
    base = metrics.get("goes_on_from")
    caution = f"<p>{_text(f'The model goes on from {base}. {TOO_GOOD}')}</p>" if base else ""
    return f"<div class=cards>{cells}</div>{caution}{beside}"


def _classes(metrics: Metrics) -> str:
    head = ["class", "frames (groups)", *(TITLES[score] for score in SCORES)]
    rows = []
    for name, own in metrics["per_class"].items():
        told = metrics["intervals"]["per_class"][name]
        rows.append([(name, ""), (str(own["n"]), f"({own['groups']})"), *_pairs(own, told)])
    if len(rows) > 1:
        rows.append(
            [("macro", ""), (str(metrics["n"]), f"({metrics['groups']})"), *_pairs(metrics["macro"], metrics["intervals"]["macro"])]
        )
    return _table(head, rows)


def _centres(found: CentreFigures | None, notes: Sequence[str]) -> str:
    told = "".join(f"<p class=warning>{_text(note)}</p>" for note in notes)
    if not found:
        return told
    figures = list(found["over"])
    rows = []
    for name, own in found["each"].items():
        cells = [_figure_cell(own["figures"].get(figure), n=figure.startswith("recall ")) for figure in figures]
        rows.append([(name or "no centre named", ""), (str(own["n"]), f"({own['groups']})"), *cells])
    over = found["over"].values()
    means = [(percent(one["mean"]), interval(one["interval"], percent)) for one in over]
    worst = [(percent(one["worst"]), one["worst_centre"] or "no centre named") for one in over]
    rows += [[("mean of the centres", ""), ("", ""), *means], [("worst of them", ""), ("", ""), *worst]]
    return told + _table(["centre", "frames (groups)", *(TITLES_BY_CENTRE.get(figure, figure) for figure in figures)], rows)


def _figure_cell(own: Mapping[str, Any] | None, *, n: bool) -> tuple[str, str]:
    if own is None:
        return "-", ""
    of = f"of {own['n']}" if n else ""
    return percent(own["value"]), ", ".join(filter(None, (of, interval(own["interval"], percent))))


def _pairs(figures: Mapping[str, Any], told: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown = {score: number if score == "auroc" else percent for score in SCORES}
    return [(shown[score](figures[score]), interval(told[score], shown[score])) for score in SCORES]


def _confusion(metrics: Metrics, pictures: Mapping[str, bytes]) -> str:
    """Confusion matrix and ROC curves as plots; the matrix alone, as a table, where matplotlib is missing."""
    if "confusion.png" in pictures:
        return _pictures(pictures, _MATRIX)
    names = metrics["classes"]
    rows = [[(name, ""), *((str(n), "") for n in counts)] for name, counts in zip(names, metrics["confusion"], strict=True)]
    words = "<p>Rows: labels, columns: answers. Curves are drawn by EndoDesk Full: its endodesk evaluate makes this report with them.</p>"
    return _table(["label", *names], rows) + words


def _calibration(metrics: Metrics, pictures: Mapping[str, bytes]) -> str:
    found = metrics.get("calibration")
    if not found:
        return ""
    rows = [
        [
            (name, ""),
            (number(found["before"][key]["value"]), interval(found["before"][key]["interval"], number)),
            (number(metrics[key]), interval(metrics["intervals"][key], number)),
        ]
        for name, key in ((f"ECE ({found['bins']} bins of equal width)", "ece"), ("Brier score", "brier"), ("Loss (nats)", "loss"))
    ]
    scaled = "fitted on the validation part of the training" if found["temperature"] != 1 else "the probabilities were not scaled"
    words = f"<p>Temperature {_text(number(found['temperature']))}: {scaled}.</p>"
    return (
        words
        + _table(["", "before scaling", "after"], rows)
        + _pictures(pictures, {"reliability.png": "Reliability before and after scaling"})
    )


def _coverage(metrics: Metrics, pictures: Mapping[str, bytes]) -> str:
    found = metrics.get("calibration")
    if not found:
        return ""
    told = found["not_sure"]
    if told["below"] is None:
        words = "The model names no threshold: none reached the aim on the validation part, or none was sought."
    else:
        words = (
            f"Not sure below {number(told['below'])}: {told['answered']} of these {metrics['n']} frames are answered "
            f"({percent(told['coverage'])}), {percent(told['accuracy'])} of them rightly ({interval(told['accuracy_interval'], percent)})."
        )
    return f"<p>{_text(words)}</p>" + _pictures(pictures, {"coverage.png": "Accuracy if only the surest are answered"})


def _probe(metrics: Metrics, pictures: Mapping[str, bytes]) -> str:
    found = metrics.get("probe")
    if not found:
        one_class = sum(any(counts) for counts in metrics["confusion"]) < 2
        why = "it takes frames of two classes at least" if one_class else "a quick update goes without; endodesk evaluate makes it"
        return f"<p>Not made: {why}.</p>"
    full = found[WHOLE]
    rows = [[("The frames as they are", ""), (percent(full["balanced_accuracy"]), interval(full["interval"], percent)), ("", "")]]
    for name, words in PROBES.items():
        value = found[name]["balanced_accuracy"]
        gain = share_of_gain(value, full["balanced_accuracy"], found["chance"])
        rows.append([(words, ""), (percent(value), interval(found[name]["interval"], percent)), (gain, "")])
    rows.append([("Chance", ""), (percent(found["chance"]), ""), ("", "")])
    table = _table(["what is shown", "balanced accuracy", "of what lies above chance"], rows, words=True)
    return table + _pictures(pictures, {"probe.png": "From the left: as it is, outline, box, rim, nothing sharp"}, wide=True)


def _windows(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    rows = [
        [(name, ""), (percent(found[key]["value"]), interval(found[key]["interval"], percent)), (n, "")]
        for name, key, n in (
            ("With the finding: answered as it", "recall", str(found["recall"]["n"])),
            ("Without it: answered as a finding all the same", "called_finding", str(found["called_finding"]["n"])),
            ("Balanced accuracy of both (chance 50 %)", "balanced_accuracy", str(found["n"])),
        )
    ]
    table = _table(["windows", "share", "of how many"], rows, words=True)
    return f"<p>{_text(windows_told(found))}</p>{table}"


# Why: docs/decisions/evaluation.md 13
def _mistakes(metrics: Metrics, pictures: Mapping[str, bytes], named: Sequence[tuple[str, Mistake]]) -> str:
    right = sum(metrics["confusion"][index][index] for index in range(len(metrics["classes"])))
    words = f"<p>{metrics['n'] - right} of {metrics['n']} answers are not the label.</p>"
    sheet = _pictures(pictures, {"mistakes.png": "Frames as the model sees them, with label and answer"}, wide=True)
    if not named:
        return words + sheet
    where = TO_OPEN_TEST if metrics.get("part") else TO_OPEN
    rows = [[(name, ""), (one.label, number(one.of_label)), (one.answer, number(one.confidence))] for name, one in named[:_LISTED]]
    more = f"<p>{len(named) - _LISTED} more are in {MISTAKES}.</p>" if len(named) > _LISTED else ""
    table = _table(["frame", "label, and its probability", "answer, and its probability"], rows, words=True)
    return f"{words}{sheet}<p>{_text(where)}</p>{table}{more}"


def _how(metrics: Metrics) -> str:
    lines = [metrics.get("grouping", ""), *(line.format(resamples=metrics["resamples"]) for line in HOW)]
    return "<ul>" + "".join(f"<li>{_text(line)}</li>" for line in lines if line) + "</ul>"


def _section(title: str, body: str, words: str) -> str:
    return f"<section><h2>{_text(title)}</h2>{f'<p class=words>{_text(words)}</p>' if words else ''}{body}</section>" if body else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]], *, words: bool = False) -> str:
    """Cells are a figure and what stands small under it."""
    top = "".join(f"<th scope=col>{_text(name)}</th>" for name in head)
    body = "".join(
        f"<tr><th scope=row>{_text(row[0][0])}</th>"
        + "".join(f"<td>{_text(value)}{f'<small>{_text(small)}</small>' if small else ''}</td>" for value, small in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<div class=scroll><table{' class=words' if words else ''}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"


def _pictures(pictures: Mapping[str, bytes], titles: Mapping[str, str], *, wide: bool = False) -> str:
    shown = "".join(
        f'<figure><img alt="{_text(title)}" src="data:image/png;base64,{base64.b64encode(pictures[name]).decode()}">'
        f"<figcaption>{_text(title)}</figcaption></figure>"
        for name, title in titles.items()
        if name in pictures
    )
    return f"<div class={'wide' if wide else 'figures'}>{shown}</div>" if shown else ""


def _text(text: object) -> str:
    return escape(printable(str(text)))
