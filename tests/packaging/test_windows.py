"""What can be known of the Windows installer without Windows: its script's parts, its files, its version."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import endodesk

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
SCRIPT = PACKAGING / "windows" / "endodesk.iss"
POWERSHELL = sorted((PACKAGING / "windows").glob("*.ps1"))


def sections() -> dict[str, list[str]]:
    """Lines by section, without comments and empty ones."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in SCRIPT.read_text("utf-8-sig").splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            name = match[1]
        elif line and not line.startswith((";", "#")):
            found.setdefault(name, []).append(line)
    return found


def setup() -> dict[str, str]:
    return dict(line.split("=", 1) for line in sections()["Setup"])


@pytest.fixture(scope="module")
def icons(tmp_path_factory):
    folder = tmp_path_factory.mktemp("icons")
    subprocess.run([sys.executable, str(PACKAGING / "make_icons.py"), str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture
def system_parts(monkeypatch):
    monkeypatch.syspath_prepend(str(PACKAGING))
    import system_parts

    yield system_parts
    sys.modules.pop("system_parts", None)


# --- the installer's script -------------------------------------------------------------------------------------------


def test_it_installs_for_one_user_on_64_bit_windows_without_a_word():
    told = setup()
    assert told["PrivilegesRequired"] == "lowest"
    assert told["PrivilegesRequiredOverridesAllowed"] == "dialog commandline"
    assert told["ArchitecturesAllowed"] == told["ArchitecturesInstallIn64BitMode"] == "x64os"
    assert told["MinVersion"] == "10.0.17763"
    assert told["CloseApplications"] == "yes"
    assert told["Compression"].startswith("lzma2")
    assert told["SolidCompression"] == "yes"


def test_the_product_keeps_its_id():
    """Another one would install a second EndoDesk beside the first."""
    assert setup()["AppId"] == "{{6B0C1D9E-3A57-4E0B-9C41-5D2F8E7A1B36}"


def test_version_and_edition_are_handed_in():
    text = SCRIPT.read_text("utf-8-sig")
    for name in ("Version", "Edition", "Folder", "Icon"):
        assert re.search(rf"#ifndef {name}\n\s+#error", text), name
    assert setup()["AppVersion"] == setup()["VersionInfoVersion"] == "{#Version}"


def test_every_sentence_is_there_in_both_languages():
    languages = {match[1] for line in sections()["Languages"] if (match := re.search(r'Name: "(\w+)"', line))}
    assert languages == {"en", "es"}
    messages = [line.split("=", 1)[0].split(".") for line in sections()["CustomMessages"]]
    names = {name for _, name in messages}
    assert {(language, name) for language, name in messages} == {(language, name) for language in languages for name in names}
    used = set(re.findall(r"\{cm:(\w+)|CustomMessage\('(\w+)'\)", SCRIPT.read_text("utf-8-sig")))
    own = {one or other for one, other in used} - {"CreateDesktopIcon", "AdditionalIcons", "LaunchProgram"}  # the latter are Inno Setup's
    assert own == names


def test_texts_that_are_not_english_carry_a_byte_order_mark():
    """Without it Inno Setup reads them by the code page of the machine that builds."""
    for path in (SCRIPT, PACKAGING / "about.es.txt"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path


def test_files_that_the_script_names_are_there():
    named = re.findall(r'InfoBeforeFile: "([^"]+)"', "\n".join(sections()["Languages"]))
    assert len(named) == 2
    for name in named:
        assert (SCRIPT.parent / name.replace("\\", "/")).is_file(), name


def test_a_project_file_opens_in_the_program():
    entries = sections()["Registry"]
    assert all("Root: HKA;" in line for line in entries)  # of the user, or of all users, as it is installed
    command = next(line for line in entries if r"shell\open\command" in line)
    assert '"""{app}\\EndoDesk.exe"" ""%1"""' in command
    assert any(r"Software\Classes\.endodesk" in line and '"EndoDesk.Project"' in line for line in entries)


def test_users_data_stay():
    assert "UninstallDelete" not in sections()
    assert sections()["InstallDelete"] == [r'Type: filesandordirs; Name: "{app}\_internal"']
    places = re.findall(r"\{(?:user|local|common|auto)(?!programs|desktop|pf)\w+\}", SCRIPT.read_text("utf-8-sig"))
    assert places == []


def test_nothing_is_fetched():
    for path in (SCRIPT, *POWERSHELL):
        text = path.read_text("utf-8-sig")
        assert not re.search(r"https?://|Invoke-WebRequest|DownloadTemporaryFile|Start-BitsTransfer", text), path


# --- version and icons ------------------------------------------------------------------------------------------------


def test_the_version_resource_says_what_the_sources_say(system_parts):
    numbers = (*(int(part) for part in endodesk.__version__.split(".")), 0)
    for name in ("EndoDesk", "endodesk-worker"):
        text = system_parts.version_resource(name)
        compile(text, name, "eval")
        assert f"filevers={numbers}" in text
        assert f"StringStruct('ProductVersion', '{endodesk.__version__}')" in text
        assert f"'{name}.exe'" in text


def test_an_executable_for_windows_gets_icon_and_version(system_parts, monkeypatch, tmp_path):
    monkeypatch.setattr(system_parts.sys, "platform", "win32")
    parts = system_parts.for_executable("endodesk-worker", tmp_path)
    assert Path(parts["icon"]).is_file()
    assert "VSVersionInfo" in Path(parts["version"]).read_text("utf-8")
    assert system_parts.for_bundle(tmp_path) == {}


def test_on_linux_an_executable_gets_nothing(system_parts, monkeypatch, tmp_path):
    monkeypatch.setattr(system_parts.sys, "platform", "linux")
    assert system_parts.for_executable("EndoDesk", tmp_path) == system_parts.for_bundle(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_the_icon_has_all_sizes_that_windows_shows(icons):
    with Image.open(icons / "EndoDesk.ico") as icon:
        assert {px for px, _ in icon.info["sizes"]} == {16, 20, 24, 32, 40, 48, 64, 128, 256}
        corner, middle = icon.convert("RGBA").getpixel((0, 0)), icon.convert("RGBA").getpixel((128, 50))
    assert corner[3] == 0
    assert middle[3] == 255


def test_icons_are_the_same_each_time(icons, tmp_path):
    subprocess.run([sys.executable, str(PACKAGING / "make_icons.py"), str(tmp_path)], cwd=ROOT, check=True)
    for name in ("EndoDesk.ico", "EndoDesk.icns"):
        assert (icons / name).read_bytes() == (tmp_path / name).read_bytes()


# --- the scripts that build and try -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", POWERSHELL, ids=lambda path: path.name)
def test_powershell_is_plain_ascii_and_balanced(path):
    """Not more than that: there is no PowerShell here."""
    text = path.read_bytes().decode("ascii")
    code = re.sub(r"`.|'(?:[^']|'')*'|#.*|\"(?:[^\"`]|`.)*\"", "", text)
    for opening, closing in ("()", "[]", "{}"):
        assert code.count(opening) == code.count(closing), f"{opening}{closing}"
    assert "$ErrorActionPreference = 'Stop'" in text


def test_what_the_build_calls_is_there():
    text = (PACKAGING / "windows" / "build.ps1").read_text("ascii")
    for name in re.findall(r"'(packaging\\[\w\\.]+)'", text):
        assert (ROOT / name.replace("\\", "/")).is_file(), name
    for name in ("Version", "Edition", "Folder", "Icon", "Output", "Runtime"):
        assert f"/D{name}=$" in text, name
