"""Licences and bill of materials, beside a made folder; the environment is that of the tests."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "packaging" / "what_comes_along.py"


@pytest.fixture
def told(tmp_path):
    (tmp_path / "_internal").mkdir()
    (tmp_path / "_internal" / "libno-package-has-this.so.1").write_text("code")

    def run(edition):
        subprocess.run([sys.executable, PROGRAM, tmp_path], env={"PATH": "/usr/bin:/bin", "ENDODESK_EDITION": edition}, check=True)
        return {name: (tmp_path / name).read_text("utf-8") for name in ("THIRD_PARTY.txt", "sbom.cdx.json", "SHA256SUMS")}

    return run


@pytest.mark.slow
def test_each_edition_lists_what_it_brings_and_the_same_twice(told):
    reviewer, again, full = told("reviewer"), told("reviewer"), told("full")
    assert reviewer == again
    small, large = ({part["name"] for part in json.loads(files["sbom.cdx.json"])["components"]} for files in (reviewer, full))
    assert {"Python", "numpy", "SQLAlchemy"} <= small < large
    assert "scikit-learn" in large - small
    assert not large & {"endodesk", "pip", "setuptools", "pyinstaller"}
    assert "PSF" in reviewer["THIRD_PARTY.txt"]
    assert [line.split("  ")[1] for line in reviewer["SHA256SUMS"].splitlines()] == [
        "THIRD_PARTY.txt",
        "_internal/libno-package-has-this.so.1",
        "sbom.cdx.json",
    ]
