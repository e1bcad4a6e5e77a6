from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sessions import settle

from endodesk.app.project.project import Project
from endodesk.app.session import Session

OpenSession = Callable[[Path], Session]


@pytest.fixture
def session(images: Path, open_session: OpenSession, qtbot: object) -> Session:
    """One on the test's `images`, once it has read them."""
    session = open_session(images)
    settle(qtbot, session)
    return session


@pytest.fixture
def open_session(qapp: object) -> Iterator[OpenSession]:
    """Opens sessions on folders, and closes them in the end."""
    opened: list[Session] = []

    def open_on(folder: Path) -> Session:
        session = Session(Project.of_images(folder))
        opened.append(session)
        session.start()
        return session

    yield open_on
    for session in opened:
        session.close()
