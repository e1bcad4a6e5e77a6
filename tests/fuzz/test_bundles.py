"""A sample of what `python -m tests.fuzz.bundles` tries by the thousand."""

import sys
from pathlib import Path

import bundles
import pytest

STARTER = Path(__file__).parents[2] / "resources" / "models" / "starter"


@pytest.mark.slow
def test_no_mutated_bundle_does_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "STARTER_MODEL", STARTER)
    came, harm = bundles.run(30, 7, tmp_path)
    assert harm == []
    assert sum(came.values()) == 30
    assert {what.split()[1] for what in came} == {"answered", "refused"}  # else nothing was tried


@pytest.mark.slow
@pytest.mark.parametrize(("child", "what"), [("sys.exit(3)", "DIED"), ("time.sleep(60)", "HUNG"), ("print('\"DEFECT: x\"')", "DEFECT")])
def test_harm_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str, what: str) -> None:
    """By a program that does it itself."""
    monkeypatch.setattr(bundles, "STARTER_MODEL", STARTER)
    monkeypatch.setattr(bundles, "SILENCE_S", 1.0)
    monkeypatch.setattr(bundles, "COMMAND", (sys.executable, "-c", f"import sys, time; sys.stdin.readline(); {child}"))
    came, harm = bundles.run(1, 7, tmp_path)
    assert [name.partition(" ")[2] for name in came] == [what]
    assert len(harm) == 1
    assert any(tmp_path.iterdir())  # kept
