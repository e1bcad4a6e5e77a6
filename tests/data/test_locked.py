"""A database that another program holds: nobody is kept waiting who draws a window, and nothing that waits in a job is lost."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator

import pytest
from data_examples import a_correction, a_file, sha

from endodesk.data.database import Database
from endodesk.domain.errors import EndoDeskError


@contextlib.contextmanager
def held(db: Database) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_the_main_thread_is_refused_at_once_also_while_a_job_waits_for_the_same_lock(db: Database) -> None:
    db.images.add([a_file(1), a_file(2)])
    db.limit_main_thread_wait(20)
    job = threading.Thread(target=lambda: db.corrections.add(a_correction(2)))
    with held(db):
        job.start()
        time.sleep(0.1)
        began = time.monotonic()
        with pytest.raises(EndoDeskError, match="another program is using the file"):
            db.corrections.add(a_correction(1))
        waited = time.monotonic() - began
        assert job.is_alive()
    job.join(timeout=4)
    assert waited < 0.2  # some 25 ms; before, the 5 s of the job, and then its own
    assert db.corrections.current().keys() == {sha(2)}
    db.corrections.add(a_correction(1))


def test_others_wait_until_it_is_free(db: Database) -> None:
    db.images.add([a_file(1)])
    with held(db):
        job = threading.Thread(target=lambda: db.corrections.add(a_correction(1)))
        job.start()
        time.sleep(0.3)
    job.join(timeout=4)
    assert db.corrections.current().keys() == {sha(1)}
