"""Each format there and back: what it can hold comes back as it was, whatever names and texts are made of; what it cannot is told."""

import csv
import io
import json
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from frame_folders import png, put, sha256_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from endodesk.dataset.exchange.csv_acts import COLUMNS, defused, fused
from endodesk.dataset.exchange.formats import FORMATS, LEFT_OUT, read_import, write_export
from endodesk.dataset.exchange.holding import held_acts
from endodesk.domain.acts import ACT_KINDS, OUTLINES, Act, OtherAct, PortableFrame, PortableRecord, outline_text
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import printable
from endodesk.domain.reviews import CLASSED, MARKS
from endodesk.system.task import TaskContext

FRAMES = tuple(PortableFrame(f"polyps/{n} é=.png", f"{n}" * 64, f"/frames/{n}.png", 640, 480, f"case-{n}", "polyps") for n in range(4))
FORMULAS = ("=1+1", "+x", "-x", "@x", "'x", "''", "\tx", "\nx", "\r", "＝x", "", "'=x")
texts = st.one_of(
    st.sampled_from(
        (*FORMULAS, 'say "no"', "a,b;c\td|e", "one\r\ntwo\rthree\nfour", "<b>&amp;]]>", " spaces ", "内視鏡", "\u202eABC", "a\u2028b")
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=40),
)
PRINTED = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
times = st.datetimes(datetime(2000, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC))
share = st.floats(0, 1, allow_nan=False)
outlines = st.one_of(st.none(), st.just(()), st.lists(st.tuples(share, share), min_size=3, max_size=6).map(tuple))


@st.composite
def acts(draw):
    kind = draw(st.sampled_from(sorted(ACT_KINDS)))
    frame = draw(st.sampled_from(FRAMES))
    told = {"reader": draw(texts) or "Ana", "at": draw(times)}
    if kind == OtherAct.CONCLUSION:
        return Act(kind, draw(texts), answer=draw(texts), case=draw(texts) or "case", **told)
    if kind == OtherAct.PROMOTION:
        return Act(kind, draw(texts), model=draw(texts), **told)
    of = {"sha256": frame.sha256, "file": frame.file, "case": frame.case}
    if kind in {OtherAct.TOGETHER, OtherAct.APART}:
        return Act(kind, draw(st.sampled_from([other.sha256 for other in FRAMES if other != frame])), **of, **told)
    of |= {"width": frame.width, "height": frame.height}
    if kind in OUTLINES:
        return Act(kind, outline_text(draw(outlines)), **of, **told)
    value = draw(texts)
    if kind in CLASSED:
        value = value or "polyps"
    elif kind in map(str, MARKS):
        value = draw(st.sampled_from(["yes", ""]))
    said = {"blind": draw(st.booleans()), "model": draw(texts), "answer": draw(texts)}
    back = {"revoked_at": draw(times), "revoked_by": draw(texts)} if draw(st.integers(0, 3)) == 0 else {}
    return Act(kind, value, **of, **told, **said, **back)


records = st.lists(acts(), max_size=12).map(lambda found: PortableRecord("=name, é", FRAMES, tuple(found), ("polyps", "box")))


def there_and_back(record, key):
    form = FORMATS[key]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"out{form.ending}"
        told = write_export(record, form, out, TaskContext())
        return read_import(out, record.classes, TaskContext()), told


def without_case(act):
    return replace(act, case="") if act.sha256 else act


@given(records)
@settings(max_examples=20)
@pytest.mark.parametrize("key", ["csv", "croissant"])
def test_tables_hold_every_act_whole_and_in_order(key, record):
    found, told = there_and_back(record, key)
    assert list(found.acts) == list(record.acts)
    assert told == []


def as_cvat_can(act):
    """XML has no control characters."""

    def plain(text):
        return "".join(c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text)

    return replace(act, **{name: plain(getattr(act, name)) for name in ("value", "reader", "model", "answer")})


@given(records)
@settings(max_examples=20)
@pytest.mark.parametrize("key", ["coco", "labelstudio", "cvat"])
def test_what_holds_of_each_frame_comes_back_whole(key, record):
    found, told = there_and_back(record, key)
    held = [without_case(act) for act in held_acts(record, FORMATS[key].holds)]
    wanted = [as_cvat_can(act) for act in held] if key == "cvat" else held
    assert Counter(found.acts) == Counter(wanted)
    missing = len(record.acts) - sum(bool(act.reader) for act in held)
    assert sum(int(line.rsplit(": ", 1)[1].rstrip(".").replace(",", "")) for line in told) == missing, "each act that is missing is told of"


@given(st.text(max_size=20))
@example("'")
@example("'=x")
def test_defusing_is_undone_exactly_and_leaves_no_formula(text):
    text = text.replace("\0", "")
    assert fused(defused(text)) == text
    assert not defused(text).startswith(FORMULAS[:4])


def test_a_spreadsheet_finds_no_formula_in_any_cell():
    told = {"sha256": FRAMES[0].sha256, "file": "=file.png", "at": datetime(2026, 1, 1, tzinfo=UTC), "case": "=case"}
    record = PortableRecord("x", FRAMES, (Act("label", "=1+1", reader="@Ana", model="+m", answer="-a", **told),))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.csv"
        write_export(record, FORMATS["csv"], out, TaskContext())
        rows = list(csv.reader(io.StringIO(out.read_text("utf-8"))))
    assert tuple(rows[0]) == COLUMNS
    assert not any(cell.startswith(FORMULAS[:4]) for cell in rows[1])


def test_who_says_something_of_a_frame_has_an_annotation_of_their_own_in_label_studio():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    of = {"sha256": FRAMES[0].sha256, "file": FRAMES[0].file, "width": 640, "height": 480}
    said = tuple(
        Act("label", value, reader=reader, at=moment + timedelta(days=day), **of)
        for day, (value, reader) in enumerate([("polyps", "Ana"), ("normal", "Ben"), ("esophagitis", "Ana")])
    )
    record = PortableRecord("x", FRAMES, said, ("polyps",))
    with tempfile.TemporaryDirectory() as folder:
        write_export(record, FORMATS["labelstudio"], Path(folder) / "out.json", TaskContext())
        tasks = json.loads((Path(folder) / "out.json").read_bytes())
    found = [one["result"][0]["value"]["choices"] for one in tasks[0]["annotations"]]
    assert found == [["esophagitis"], ["normal"]]


@pytest.fixture
def pictures(tmp_path):
    """Real files: two of one name in two cases, an odd name, one set aside, and one whose label cannot be a folder."""
    names = ["polyps/a/0.png", "polyps/b/0.png", "polyps/=x é.png", "polyps/aside.png", "polyps/odd.png"]
    files = [put(tmp_path / "frames" / name, png(n)) for n, name in enumerate(names)]
    frames = tuple(
        PortableFrame(name, sha256_of(file), str(file), 96, 77, folder_label="polyps") for name, file in zip(names, files, strict=True)
    )
    told = {"reader": "Ana", "at": datetime(2026, 1, 1, tzinfo=UTC)}
    said = (
        Act("label", "normal-cecum", sha256=frames[0].sha256, **told),
        Act("excluded", "yes", sha256=frames[3].sha256, **told),
        Act("label", "../../outside", sha256=frames[4].sha256, **told),
    )
    return PortableRecord("x", frames, said, ("polyps", "normal-cecum"))


@pytest.mark.parametrize("key", ["folders", "kvasir", "hyperkvasir"])
def test_class_folders_come_back_by_content(pictures, tmp_path, key):
    before = {frame.place: Path(frame.place).read_bytes() for frame in pictures.frames}
    out = tmp_path / "out"
    told = write_export(pictures, FORMATS[key], out, TaskContext())
    found = {act.sha256: act.value for act in read_import(out, pictures.classes, TaskContext()).acts}
    assert found == dict(zip([f.sha256 for f in pictures.frames[:3]], ["normal-cecum", "polyps", "polyps"], strict=True))
    assert {place: Path(place).read_bytes() for place in before} == before
    assert any("set aside" in line or "excluded" in line for line in told)
    assert any("cannot be the name of a folder" in line for line in told)
    assert (out / LEFT_OUT).read_text("utf-8").count("\n- ") == len(told)
    assert not (tmp_path.parent / "outside").exists()
    copies = list(out.rglob("*.png"))
    assert len(copies) == 3
    assert all(path.stat().st_nlink == 1 for path in copies), "a link would be the reader's own frame"


def test_hyper_kvasir_has_its_tree_and_table(pictures, tmp_path):
    out = tmp_path / "out"
    write_export(pictures, FORMATS["hyperkvasir"], out, TaskContext())
    rows = list(csv.DictReader(io.StringIO((out / "image-labels.csv").read_text("utf-8"))))
    assert {(row["Organ"], row["Finding"], row["Classification"]) for row in rows} == {
        ("Lower GI", "cecum", "anatomical-landmarks"),
        ("Lower GI", "polyps", "pathological-findings"),
    }
    for row in rows:
        assert (out / "lower-gi-tract" / row["Classification"] / row["Finding"] / f"{row['Video file']}.png").is_file()


def test_what_was_changed_meanwhile_is_not_exported(pictures, tmp_path):
    Path(pictures.frames[1].place).write_bytes(png(99))
    with pytest.raises(BadRequest, match="was changed"):
        write_export(pictures, FORMATS["folders"], tmp_path / "out", TaskContext())
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]


@pytest.mark.parametrize("key", FORMATS)
def test_nothing_is_written_over(pictures, tmp_path, key):
    form = FORMATS[key]
    out = tmp_path / f"out{form.ending}"
    mine = out if form.ending else put(out / "mine.txt", b"mine")
    mine.write_bytes(b"mine")
    with pytest.raises(BadRequest, match="is there already"):
        write_export(pictures, form, out, TaskContext())
    assert mine.read_bytes() == b"mine"


@given(st.lists(st.text(PRINTED, min_size=1, max_size=30), min_size=1, max_size=8, unique=True))
@settings(max_examples=30)
def test_class_names_of_any_kind_make_folders_or_are_told(names):
    frames = tuple(PortableFrame(f"{n}.png", f"{n:x}" * 64, "/nowhere") for n in range(len(names)))
    said = tuple(Act("label", name, sha256=frame.sha256, reader="A") for name, frame in zip(names, frames, strict=True))

    def fits(name):
        try:
            return bool(ClassSet((name,)))
        except BadRequest:
            return False

    told = FORMATS["folders"].more_left_out(PortableRecord("x", frames, said))
    odd = sum(not fits(name) for name in names)
    assert (len(told), f": {odd}." in "".join(told)) == (int(odd > 0), odd > 0)
    assert all(line == printable(line) or odd for line in told)
