"""What a kept journal holds and the database lacks is taken in beside what was said here since."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from data_examples import NOON, a_correction, a_file, sha

from endodesk.data.database import Database
from endodesk.data.safety.recovery import open_record
from endodesk.domain.acts import Act


def opened(project: Path) -> Database:
    return open_record(project, project.with_name("labels.jsonl"))[0]


def test_what_was_said_since_stays_on_top(project: Path) -> None:
    """Two sat at two copies of one project: both are in the history, and the later word holds."""
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(9))
        db.corrections.add(a_correction(3))
    older = shutil.copy(project, project.with_name("older"))
    with opened(project) as db:
        db.corrections.add(a_correction(1, "polyps", minutes=1))
        db.corrections.add(a_correction(2, "polyps", minutes=20))
    shutil.move(older, project)
    with opened(project) as db:
        db.corrections.add(a_correction(1, "ulcer", minutes=10))
        db.corrections.add(a_correction(2, "ulcer", minutes=11))
        [kept] = db.kept_journals
        db.take_in(kept)
        standing = {image: stored.correction.value for image, stored in db.corrections.current().items()}
        assert standing == {sha(1): "ulcer", sha(2): "polyps", sha(3): "polyps"}
        assert sorted(stored.correction.value for stored in db.corrections.history(sha(1))) == ["polyps", "ulcer"]


def test_an_older_word_of_another_reader_is_not_taken_back_in_their_name(project: Path) -> None:
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(3))
        db.corrections.add(a_correction(2))
    older = shutil.copy(project, project.with_name("older"))
    with opened(project) as db:
        db.corrections.add(a_correction(1, "polyps"))
    shutil.move(older, project)
    with opened(project) as db:
        db.corrections.give([replace(a_correction(1, "ulcer", minutes=5), reader="Ann")])
        [kept] = db.kept_journals
        db.take_in(kept)
        words = {one.correction.reader: one for one in db.corrections.history(sha(1))}
        assert {reader: one.revoked_by for reader, one in words.items()} == {"Dr. Müller": None, "Ann": None}


def test_what_was_said_once_more_after_older_words_comes_back_from_the_journal_so(project: Path) -> None:
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(3))
        db.corrections.add(a_correction(1, "polyps"))
    older = shutil.copy(project, project.with_name("older"))
    with opened(project) as db:
        late = Act("label", "normal", sha256=sha(1), reader="Dr. Müller", at=NOON - timedelta(days=1))
        db.acts.take_in([late], by="Ann", at=NOON)
    shutil.move(older, project)
    with opened(project) as db:
        db.corrections.add(a_correction(2))
        [kept] = db.kept_journals
        db.take_in(kept)
        assert [one.correction.value for one in db.corrections.history(sha(1))] == ["normal", "polyps"]
        assert db.corrections.current()[sha(1)].correction.value == "polyps"


def test_what_the_journal_took_back_stays_so_though_it_was_said_once_more_here(project: Path) -> None:
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(3))
        said = db.corrections.add(a_correction(1, "polyps"))
    older = shutil.copy(project, project.with_name("older"))
    with opened(project) as db:
        db.corrections.revoke(said, reader="Dr. Müller", at=NOON + timedelta(hours=1))
    shutil.move(older, project)
    with opened(project) as db:
        late = Act("label", "normal", sha256=sha(1), reader="Dr. Müller", at=NOON - timedelta(days=1))
        db.acts.take_in([late], by="Ann", at=NOON)
        [kept] = db.kept_journals
        db.take_in(kept)
        assert db.corrections.current()[sha(1)].correction.value == "normal"
        assert not db.kept_journals
