"""What can be known of the macOS bundle without macOS: its property lists, its image's settings, the order of signing."""

import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import endodesk

ROOT = Path(__file__).parents[2]
MACOS = ROOT / "packaging" / "macos"
SCRIPTS = (MACOS / "build.sh", MACOS / "sign_and_notarise.sh")
MACH_O = bytes.fromhex("cffaedfe0c00000100000000") + b"\0" * 52
TOLD = 'echo "$(basename "$0") $*" >>"$CALLS"\n'
FAKES = {
    "codesign": TOLD,
    "plutil": 'case "$1" in -convert) cp "${@: -1}" "$4" ;; -extract) case "$2" in id) echo 7 ;; status) echo "$STATUS" ;; esac ;; esac\n',
    "xcrun": TOLD,
    "ditto": TOLD,
    "spctl": TOLD,
}


@pytest.fixture
def system_parts(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import system_parts

    yield system_parts
    sys.modules.pop("system_parts", None)


@pytest.fixture
def app(tmp_path):
    """A bundle as PyInstaller lays it out, of files that are nothing but heads."""
    app = tmp_path / "EndoDesk.app"
    code = (
        "Contents/MacOS/EndoDesk",
        "Contents/MacOS/endodesk-worker",
        "Contents/Frameworks/libpython3.12.dylib",
        "Contents/Frameworks/cv2/cv2.abi3.so",
        "Contents/Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
    )
    for name in code:
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes(MACH_O)
    (app / "Contents/Resources/cv2").mkdir(parents=True)
    (app / "Contents/Resources/cv2/config.py").write_text("")
    (app / "Contents/Resources/cv2/cv2.abi3.so").symlink_to("../../Frameworks/cv2/cv2.abi3.so")
    (app / "Contents/Frameworks/QtCore").symlink_to("PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore")
    return app


@pytest.fixture
def sign(tmp_path):
    """Runs the script with stand-ins for Apple's tools, which write down how they were called."""
    if not shutil.which("file"):
        pytest.skip("the command `file` is not here")
    tools, calls = tmp_path / "tools", tmp_path / "calls"
    tools.mkdir()
    for name, body in FAKES.items():
        (tools / name).write_text("#!/bin/bash\n" + body)
        (tools / name).chmod(0o755)

    def run(what: Path, **environment: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        base = {"PATH": f"{tools}:{os.environ['PATH']}", "CALLS": str(calls), "TMPDIR": str(tmp_path), "STATUS": "Accepted"}
        command = ["bash", str(MACOS / "sign_and_notarise.sh"), str(what)]
        ended = subprocess.run(command, env={**base, **environment}, capture_output=True, text=True, check=False)
        return ended, calls.read_text().splitlines() if calls.exists() else []

    return run


KEYS = {
    "ENDODESK_SIGN_IDENTITY": "Developer ID Application: A",
    "ENDODESK_NOTARY_KEY_FILE": "k.p8",
    "ENDODESK_NOTARY_KEY_ID": "K",
    "ENDODESK_NOTARY_ISSUER": "I",
}


# --- the bundle -------------------------------------------------------------------------------------------------------


def test_the_bundle_shows_itself_and_owns_project_files(system_parts):
    told = plistlib.loads(plistlib.dumps(system_parts.info_plist()))
    assert told["LSBackgroundOnly"] is False
    assert told["CFBundleExecutable"] == "EndoDesk"
    assert told["CFBundleVersion"] == endodesk.__version__
    [kind], [declared] = told["CFBundleDocumentTypes"], told["UTExportedTypeDeclarations"]
    assert kind["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]
    assert declared["UTTypeTagSpecification"]["public.filename-extension"] == ["endodesk"]


def test_the_bundle_has_an_icon_of_its_own(system_parts, monkeypatch, tmp_path):
    from PIL import Image

    monkeypatch.setattr(system_parts.sys, "platform", "darwin")
    parts = system_parts.for_bundle(tmp_path)
    assert parts["version"] == endodesk.__version__
    with Image.open(parts["icon"]) as icon:
        assert {width * scale for width, _, scale in icon.info["sizes"]} >= {32, 64, 256, 512, 1024}
    assert Path(parts["icon"]).name == parts["info_plist"]["CFBundleDocumentTypes"][0]["CFBundleTypeIconFile"]
    assert system_parts.for_executable("EndoDesk", tmp_path) == {"argv_emulation": True}


def test_the_entitlements_are_few():
    assert plistlib.loads((MACOS / "entitlements.plist").read_bytes()) == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_the_image_holds_the_program_and_a_way_to_install_it():
    path = MACOS / "dmg_settings.py"
    names = {"defines": {"app": "build/full/EndoDesk.app", "about": str(ROOT / "packaging")}}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), names, names)  # noqa: S102  (as dmgbuild does)
    assert names["files"][0] == "build/full/EndoDesk.app"
    assert all(Path(source).is_file() for source, _ in names["files"][1:])
    assert names["symlinks"] == {"Applications": "/Applications"}
    assert set(names["icon_locations"]) == {"EndoDesk.app", "Applications", *(name for _, name in names["files"][1:])}
    assert names["background"] is None


@pytest.mark.parametrize("framework", [("QtQuick", False), ("QtCore", True)])
def test_a_framework_stays_whole_or_goes_whole(monkeypatch, framework):
    """Half a one cannot be signed, nor then the bundle."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    from left_out import is_used

    name, used = framework
    place = f"PySide6/Qt/lib/{name}.framework"
    for path in (f"{place}/Versions/A/{name}", f"{place}/{name}", f"{place}/Versions/A/Resources/Info.plist", f"{place}/Versions/Current"):
        assert is_used(path) is used, path


# --- signing ----------------------------------------------------------------------------------------------------------


def test_it_is_signed_from_the_inside_out_and_links_are_left_alone(app, sign):
    ended, calls = sign(app, ENDODESK_SIGN_IDENTITY="Developer ID Application: A")
    assert ended.returncode == 0, ended.stderr
    signed = [call.rsplit(" ", 1)[1].removeprefix(f"{app}").removeprefix("/Contents/") for call in calls if "--sign" in call]
    assert set(signed[:2]) == {"Frameworks/libpython3.12.dylib", "Frameworks/cv2/cv2.abi3.so"}
    assert signed[2:] == ["Frameworks/PySide6/Qt/lib/QtCore.framework", "MacOS/endodesk-worker", ""]
    assert all("--options runtime" in call and "--timestamp" in call for call in calls if "--sign" in call)
    assert [("--entitlements" in call) for call in calls if "--sign" in call] == [False, False, False, True, True]
    assert "--deep" not in " ".join(call for call in calls if "--sign" in call)
    assert any("--verify --deep --strict" in call for call in calls)
    assert "not notarised" in ended.stdout


def test_the_app_and_its_image_get_tickets_of_their_own(app, sign, tmp_path):
    image = tmp_path / "endodesk.dmg"
    image.write_bytes(b"")
    for what in (app, image):
        ended, calls = sign(what, **KEYS)
        assert ended.returncode == 0, ended.stderr
        assert f"xcrun stapler staple {what}" in calls
        assert any(call.startswith("spctl --assess") and call.endswith(str(what)) for call in calls)


def test_a_refusal_by_the_notary_is_an_error(app, sign):
    ended, calls = sign(app, STATUS="Invalid", **KEYS)
    assert ended.returncode == 1
    assert "did not notarise" in ended.stdout
    assert any("notarytool log 7" in call for call in calls)
    assert not any("stapler" in call for call in calls)


def test_without_a_certificate_it_says_what_users_must_do(app, sign):
    ended, calls = sign(app)
    assert ended.returncode == 0
    assert calls == []
    assert "not signed" in ended.stdout
    assert "Open Anyway" in ended.stdout


# --- the scripts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_can_be_parsed_and_run(path):
    assert os.access(path, os.X_OK)
    parsed = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
    assert parsed.returncode == 0, parsed.stderr


def test_elsewhere_the_build_says_so():
    if sys.platform == "darwin":
        pytest.skip("this is macOS")
    ended = subprocess.run(["bash", str(MACOS / "build.sh"), "reviewer"], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "macOS only" in ended.stdout
