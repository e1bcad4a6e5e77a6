"""What tests of the session wait for."""


def settle(qtbot, session):
    """All files read, and the chosen frame shown (or refused)."""
    qtbot.waitUntil(lambda: not session.listing and session.jobs.idle, timeout=15_000)


def choose(qtbot, session, row):
    session.choose(row)
    qtbot.waitUntil(lambda: session.open_frame is not None)
