"""What a job has read of frames is taken as what stands, unless something else was said meanwhile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from endodesk.app.frames.current_reviews import ReadAhead, Reviews
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.reviews import Correction

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
IMAGE = Sha256("a" * 64)


@pytest.mark.parametrize("is_said_meanwhile", [False, True])
def test_what_a_job_read_holds_while_nothing_else_was_said(qapp, tmp_path: Path, is_said_meanwhile: bool) -> None:
    with Database.open(tmp_path / "project.sqlite") as database:
        database.images.add([(ImageRecord(IMAGE, tmp_path / "a.png", 64, 64, ""), FileStamp(9, 9, 1, 1, 1))])
        reviews = Reviews(database)
        database.corrections.add(Correction(IMAGE, "polyps", "Ana", NOON))
        ahead = ReadAhead(database.corrections.words_on([IMAGE]), reviews.changes)
        database.corrections.add(Correction(IMAGE, "ulcer", "Ana", NOON + timedelta(minutes=1)))
        if is_said_meanwhile:
            reviews.read_again([IMAGE])
        reviews.read_again([IMAGE], ahead)
        said = reviews.words_of(IMAGE).of("Ana")
        assert said is not None
        assert said.correction.value == ("ulcer" if is_said_meanwhile else "polyps")
