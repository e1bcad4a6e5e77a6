"""Tables as spreadsheets and editors save them, read as what they are or refused by their line."""

import codecs
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.dataset import csv_table
from endodesk.dataset.csv_table import Asked, for_spreadsheets, plain_cell, read_table, read_tables, write_table
from endodesk.domain.errors import BadRequest

ASKED = Asked("table of labels", ("file", "label"))
ROWS = [("Fälle/ñ 1.png", "pólipos"), ("b.png", "")]


def saved(tmp_path, data):
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    return path


def cells(table):
    return [tuple(row.cells.values()) for row in table.rows]


def text(separator=",", end="\r\n", head=("file", "label"), rows=ROWS):
    return "".join(separator.join(row) + end for row in [head, *rows])


# --- what is read -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("separator", "word"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("mark", "encoding", "told"),
    [
        (b"", "utf-8", "UTF-8"),
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        (b"", "utf-16-le", "UTF-16"),
        (b"", "utf-16-be", "UTF-16"),
    ],
)
def test_what_excel_writes_is_read_and_told(tmp_path, separator, word, end, mark, encoding, told):
    table = read_table(saved(tmp_path, mark + text(separator, end).encode(encoding)), ASKED)
    assert cells(table) == ROWS
    assert [row.line for row in table.rows] == [2, 3]
    assert table.told == f"t.csv: 2 rows, read as {told}, separated by {word}."


@pytest.mark.parametrize(
    "written",
    [
        "sep=;\r\n" + text(";"),
        '"sep=\t"\n' + text("\t"),
        text(head=("File ", ' "LABEL"'.strip())),
        "\n\n" + text() + "\n,\n",
        text(head=("file", "label", "", ""), rows=[(*row, "", "") for row in ROWS]),
        text(head=("note", "label", "file"), rows=[('"a;b\nc"', label, f'"{file}"') for file, label in ROWS]).replace("\r", ""),
    ],
    ids=["sep", "sep tab", "head", "blank lines", "empty columns", "other order"],
)
def test_a_table_may_be_written_otherwise_and_says_the_same(tmp_path, written):
    assert [(row.cells["file"], row.cells["label"]) for row in read_table(saved(tmp_path, written.encode()), ASKED).rows] == ROWS


def test_a_class_may_be_called_as_a_column_is(tmp_path):
    written = b"File,file,label,note,note\n0.5,a.png,x,1,2\n"
    assert cells(read_table(saved(tmp_path, written), ASKED)) == [("a.png", "x")]


def test_lines_are_those_of_an_editor(tmp_path):
    written = 'sep=,\nfile,label\n\n"a\nb.png",x\nc.png,y\n'
    assert [row.line for row in read_table(saved(tmp_path, written.encode()), ASKED).rows] == [4, 6]


@pytest.mark.slow
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=3))
def test_what_we_write_comes_back(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    rows = [(f"x{name}.png", "polyps") for name in names]
    write_table(path, ("file", "label"), rows)
    [table] = read_tables(path, Asked("table of labels", ("file", "label"), lambda _: True))
    assert cells(table) == rows


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
def test_names_that_are_no_text_come_back(tmp_path):
    odd = [(os.fsdecode(b"\xff\xe9,\n.png"), "polyps", "1"), ("内.png", "polyps", "2")]
    write_table(tmp_path / "t.csv", ("file", "label", "n"), odd)
    table = read_table(tmp_path / "t.csv", ASKED)
    assert cells(table) == [row[:2] for row in odd]
    assert "UTF-8, with names that are no text" in table.told


def test_bytes_that_are_no_unicode_are_offered_in_each_encoding(tmp_path):
    tables = list(read_tables(saved(tmp_path, text(";").encode("cp1252")), ASKED))
    assert cells(tables[0]) == ROWS
    assert tables[0].told == "t.csv: 2 rows, read as Windows-1252, separated by semicolons."
    assert {"UTF-8, with names that are no text", "Mac OS Roman", "DOS 850"} < {table.encoding for table in tables}


def test_last_cells_that_excel_leaves_out_in_blocks_of_sixteen_are_empty(tmp_path):
    rows = [(f"{n}.png", "x") for n in range(15)] + [(f"{n}.png",) for n in range(15, 40)]
    assert cells(read_table(saved(tmp_path, text(rows=rows).encode()), ASKED))[14:16] == [("14.png", "x"), ("15.png", "")]


@pytest.mark.parametrize(("name", "written"), [("=1+1.png", "./=1+1.png"), ("-rf.png", "./-rf.png"), ("a/=1.png", "a/=1.png"), ("é", "é")])
def test_no_name_is_taken_for_a_formula(name, written):
    assert for_spreadsheets(name) == written


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_text_of_a_project_or_a_model_is_taken_for_a_formula(sign):
    assert plain_cell(f"{sign}1+1") == f"'{sign}1+1"
    assert for_spreadsheets(f"{sign}1.png") == f"./{sign}1.png"
    assert plain_cell("polyps") == "polyps"


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "cp932"]))
def test_whatever_the_bytes_are_it_is_a_table_or_a_sentence(tmp_path_factory, data, encoding):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes("file,label\na.png,x\n".encode(encoding) + data)
    told, tables = "", []
    try:
        tables = list(read_tables(path, ASKED))
    except BadRequest as error:
        told = str(error)
    assert told.startswith("t.csv ") or tables
    assert all(row.cells.keys() == {"file", "label"} for table in tables for row in table.rows)


# --- what is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('file,label\na,x\n"b,x\nc,x\nd,x\n', r"in lines 3 to 5 a quotation mark"),
        ('file,label\na,x\n"b,x\nc,x\nd",x\n', r"in lines 3 to 5 a quotation mark"),  # two stray ones: the rows between are no cell
        ('file,label\na,"x\nb,"x\nc,x\n', r"in lines 2 to 3 a quotation mark"),
        ('file,label,n\na,x,"1\nb,x,2\nc,x,3"\n', r"in lines 2 to 4 a quotation mark"),
        ('file,label\n"a"b,x\n', r"in line 2 a quotation mark"),
        ("file,label\na,x\nb,x,\nc,x,y\n", "line 4 has 3 cells, but there are 2 columns"),
        ("file,label\na,x\n\nb\n", "line 4 has 1 cell, but there are 2 columns"),
        ("sep=;\nfile;label\na,x\n", "line 3 has 1 cell, but there are 2 columns"),
        ("file,label\na,x\n" * 20 + "b\nc,x\n", "line 41 has 1 cell"),
        ("file,label\n" + "a,x\n" * 15 + "b\n", "line 17 has 1 cell"),  # a file that was cut
        ("file,label,file\na,x,b\n", "column file twice"),
        ("File,label,FILE\na,x,b\n", "column file twice"),
        ("", "columns file and label; it is empty"),
        ("name;label\na;x\n", "columns file and label; its first line is 'name;label'"),
        ("sep=,\nfile;label\na;x\n", "columns file and label"),
        ("file,label\na\0,x\n", "zero bytes"),
        (f'file,label\n"{"a" * 200_000}\n",x\n', "quotation mark"),
    ],
)
def test_a_table_of_another_shape_is_refused_by_its_line(tmp_path, written, says):
    with pytest.raises(BadRequest, match=says):
        read_table(saved(tmp_path, written.encode()), ASKED)


def test_a_cell_of_several_lines_that_looks_like_rows_is_taken_where_it_is_known(tmp_path):
    path = saved(tmp_path, b'file,label\n"a,\nb.png",x\n')
    assert cells(next(read_tables(path, Asked("t", ("file", "label"), {"a,\nb.png"}.__contains__)))) == [("a,\nb.png", "x")]
    with pytest.raises(BadRequest, match="lines 2 to 3"):
        list(read_tables(path, ASKED))


def test_a_utf_16_that_is_cut_and_a_table_too_large_are_told(tmp_path, monkeypatch):
    with pytest.raises(BadRequest, match="begins as UTF-16, but is cut"):
        read_table(saved(tmp_path, text().encode("utf-16")[:-1]), ASKED)
    monkeypatch.setattr(csv_table, "BIGGEST_TABLE", 1024 * 1024)
    with pytest.raises(BadRequest, match="too large: it may have up to 1 MB"):
        read_table(saved(tmp_path, b"a" * (1024 * 1024 + 1)), ASKED)
