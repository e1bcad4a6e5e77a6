"""A read plan goes from PC to PC in a label pack: it holds where there is none, and replaces none."""

import pytest

from endodesk.app.plans.plan_store import plan_of
from tests.cli.test_pack_commands import Clinic


@pytest.fixture
def clinics(tmp_path, monkeypatch):
    return Clinic(tmp_path, "Ana", monkeypatch), Clinic(tmp_path, "Ben", monkeypatch)


@pytest.mark.slow
def test_a_plan_comes_with_a_pack_once_and_is_the_same_there(clinics, tmp_path, capsys):
    ana, ben = clinics
    assert ana.run("plan", "--readers", "Ana,Ben", "--overlap", "50", "--seed", "9") == 0
    ana.label("polyps/frame-0.png", "polyps")
    of_ana = ana.pack(tmp_path / "ana.pack")
    capsys.readouterr()
    assert ben.run("import", str(of_ana), "--preview") == 0
    assert "With the read plan of Ana, Ben, which holds here then" in capsys.readouterr().out
    assert ben.do(plan_of) is None
    assert ben.run("import", str(of_ana)) == 0
    assert ben.do(plan_of) == ana.do(plan_of)
    assert ben.run("verify") == 0
    capsys.readouterr()
    assert ben.run("import", str(of_ana), "--preview") == 0  # the same plan is no news
    assert "plan" not in capsys.readouterr().out.replace(str(tmp_path), "")
    assert ana.run("plan", "--seed", "10") == 0
    assert ben.run("import", str(ana.pack(tmp_path / "again.pack"))) == 0
    assert "another one than here, and is left out" in capsys.readouterr().out
    assert ben.do(plan_of).seed == 9


@pytest.mark.slow
def test_a_pack_of_a_plan_alone_is_taken_in_too(clinics, tmp_path):
    ana, ben = clinics
    assert ana.run("plan", "--readers", "Ana,Ben") == 0
    assert ben.run("import", str(ana.pack(tmp_path / "ana.pack"))) == 0
    assert ben.do(plan_of).readers == ("Ana", "Ben")
    assert ana.run("plan", "--clear") == 0
    assert ben.run("import", str(ana.pack(tmp_path / "cleared.pack"))) == 0
    assert ben.do(plan_of).readers == ("Ana", "Ben")
