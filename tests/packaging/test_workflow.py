"""The workflow that builds installers on three systems: what can be known without running it."""

import re
import subprocess
from pathlib import Path

import pytest

import endodesk

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "installers.yml"
DOCS = ROOT / "docs" / "packaging.md"
CALLS = re.compile(r"(?:packaging|docs)[\\/][\w\\/.-]+\.(?:sh|py|ps1|iss|spec|txt|plist|md|png)")


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(WORKFLOW.read_text("utf-8"))


def steps(workflow):
    return [(name, step) for name, job in workflow["jobs"].items() for step in job["steps"]]


def test_it_runs_by_tag_and_by_hand(workflow):
    begun = workflow[True]  # YAML 1.1 takes `on` for a truth value
    assert begun["push"] == {"tags": ["v*"]}
    assert "workflow_dispatch" in begun


def test_both_editions_are_built_for_each_system(workflow):
    assert set(workflow["jobs"]) == {"version", "linux", "windows", "macos"}
    for name in ("linux", "windows", "macos"):
        job = workflow["jobs"][name]
        assert job["strategy"]["matrix"]["edition"] == ["reviewer", "full"]
        assert job["needs"] == "version"
        assert any("upload-artifact" in step.get("uses", "") for step in job["steps"])
        assert job["timeout-minutes"] <= 120


def test_it_may_only_read(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in workflow["jobs"].values())
    assert all(step["with"]["persist-credentials"] is False for _, step in steps(workflow) if "checkout" in step.get("uses", ""))


def test_actions_are_pinned_by_commit(workflow):
    used = [step["uses"] for _, step in steps(workflow) if "uses" in step]
    assert used
    for name in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name), name


def test_secrets_come_through_the_environment_alone(workflow):
    for _, step in steps(workflow):
        assert "secrets." not in step.get("run", "")
        assert "github.ref" not in step.get("run", "")  # a tag's name may hold anything: it would be run as a command


@pytest.mark.parametrize(("tag", "code"), [(f"v{endodesk.__version__}", 0), ("v99.0", 1)])
def test_a_tag_that_is_not_the_version_is_refused(workflow, tag, code):
    check = next(step for name, step in steps(workflow) if name == "version" and "run" in step)
    ended = subprocess.run(["bash", "-e", "-c", check["run"]], cwd=ROOT, env={"TAG": tag, "PATH": "/usr/bin:/bin"}, check=False)
    assert ended.returncode == code


def test_scripts_in_it_can_be_parsed(workflow):
    for name, step in steps(workflow):
        if "run" in step and step.get("shell") != "pwsh":
            text = re.sub(r"\$\{\{.*?\}\}", "word", step["run"])
            parsed = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True, check=False)
            assert parsed.returncode == 0, f"{name}: {parsed.stderr}"


@pytest.mark.parametrize("path", [WORKFLOW, DOCS, *sorted((ROOT / "packaging").rglob("*.sh"))], ids=lambda path: path.name)
def test_files_that_are_named_are_there(path):
    for name in CALLS.findall(path.read_text("utf-8")):
        assert (ROOT / name.replace("\\", "/")).is_file(), name


def test_the_version_stands_in_one_place():
    written = [WORKFLOW, DOCS, *(path for path in (ROOT / "packaging").rglob("*") if path.is_file() and "__pycache__" not in path.parts)]
    pattern = re.compile(rf"(?<![\d.]){re.escape(endodesk.__version__)}(?![\d.]\d)")
    assert [path.name for path in written if pattern.search(path.read_text("utf-8"))] == []
