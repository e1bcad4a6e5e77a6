"""A sample of `make fuzz`: what failed once, a few mutations of each kind, and damaged projects in the window and by commands."""

import pytest

from tests.fuzz.__main__ import CORPUS, mutated, read_all
from tests.fuzz.damaged_projects import opened
from tests.fuzz.parsers import PARSERS, Parser

_SLOW = ("project", "window settings")


@pytest.mark.slow
def test_what_failed_once_is_read_or_refused():
    names = [name for name in PARSERS if (CORPUS / name).is_dir()]
    assert {path.name for path in CORPUS.iterdir()} == set(names)
    found = list(read_all(0, names=names))
    assert len(found) >= 6
    assert [(one.parser, one.failed) for one in found if one.failed] == []


@pytest.mark.slow
def test_no_file_of_anybody_ends_in_a_defect_a_crash_or_silence():
    found = list(read_all(25, seed=3, names=[name for name in PARSERS if name not in _SLOW]))
    assert [(one.parser, one.seed, one.failed) for one in found if one.failed] == []
    assert {one.parser for one in found if not one.taken} >= {"bundle", "config", "manifest", "labels", "head"}


@pytest.mark.slow
@pytest.mark.parametrize("name", _SLOW)
def test_nor_does_a_project_or_a_settings_file(name):
    assert [(one.seed, one.failed) for one in read_all(12, seed=3, names=[name]) if one.failed] == []


@pytest.mark.slow
def test_no_damaged_project_keeps_the_window_from_starting_or_ends_in_a_traceback():
    found = list(opened(8, seed=4000))
    assert [(one.seed, one.failed) for one in found if one.failed] == []
    assert any(one.warnings for one in found)


@pytest.mark.slow
def test_every_kind_begins_with_whole_files_and_the_mutations_are_the_same_each_time():
    for parser in PARSERS.values():
        assert all(parser.whole())
        assert mutated(parser, 7) == mutated(parser, 7)
    assert len({mutated(PARSERS["config"], seed) for seed in range(20)}) == 20


def test_an_error_that_is_no_sentence_is_found(monkeypatch, tmp_path):
    from tests.fuzz.__main__ import tried

    def reads(_):
        raise KeyError("a defect")

    assert tried(Parser("x", lambda: [b""], reads), tmp_path)["failed"] == "KeyError: 'a defect'"
