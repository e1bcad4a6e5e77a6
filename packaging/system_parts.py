"""What Windows and macOS are told of the program beside its code: icons, version, type of file. Read by endodesk.spec.

On Linux an executable holds nothing of the kind (menus read a .desktop file), and both functions give nothing.
"""

import sys
from pathlib import Path

from endodesk import __version__

BUNDLE_ID = "org.endodesk.EndoDesk"
PROJECT_TYPE = "org.endodesk.project"
OLDEST_MACOS = "14.0"
"""Qt 6.11 asks for 13, and the numpy that pip takes on 14 and newer (Apple's Accelerate) for 14."""
ABOUT = {
    "EndoDesk": "Review, correct and retrain a classifier of endoscopic frames",
    "endodesk-worker": "EndoDesk: training and command line",
}


def for_executable(name: str, place: Path) -> dict[str, object]:
    """Arguments of EXE for this system; icons and version are written below `place`."""
    if sys.platform == "win32":
        from make_icons import main as make_icons

        make_icons(place)
        told = place / f"{name}.version.txt"
        told.write_text(version_resource(name), "utf-8")
        return {"icon": str(place / "EndoDesk.ico"), "version": str(told)}
    if sys.platform == "darwin":  # a file opened in the Finder comes as an event: PyInstaller makes an argument of it
        return {"argv_emulation": name == "EndoDesk"}
    return {}


def for_bundle(place: Path) -> dict[str, object]:
    """Arguments of BUNDLE, which only macOS heeds."""
    if sys.platform != "darwin":
        return {}
    from make_icons import main as make_icons

    make_icons(place)
    return {"icon": str(place / "EndoDesk.icns"), "bundle_identifier": BUNDLE_ID, "version": __version__, "info_plist": info_plist()}


def info_plist() -> dict[str, object]:
    """What Info.plist says beyond what PyInstaller writes by itself."""
    return {
        "CFBundleExecutable": "EndoDesk",
        "LSBackgroundOnly": False,  # PyInstaller takes the last executable of a folder for the program's own: ours has a console
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "LSApplicationCategoryType": "public.app-category.medical",
        "CFBundleVersion": __version__,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "es"],
        "NSHumanReadableCopyright": "Research use only. Not a medical device.",
        "NSHighResolutionCapable": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "EndoDesk project",
                "CFBundleTypeRole": "Editor",
                "CFBundleTypeIconFile": "EndoDesk.icns",
                "LSItemContentTypes": [PROJECT_TYPE],
                "LSHandlerRank": "Owner",
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": PROJECT_TYPE,
                "UTTypeDescription": "EndoDesk project",
                "UTTypeIconFile": "EndoDesk.icns",
                "UTTypeConformsTo": ["public.plain-text"],
                "UTTypeTagSpecification": {"public.filename-extension": ["endodesk"]},
            }
        ],
    }


def version_resource(name: str) -> str:
    """The version that Windows shows of an executable, as PyInstaller reads it."""
    numbers = tuple(int(part) for part in __version__.split(".")[:3])
    numbers += (0,) * (4 - len(numbers))
    shown = {
        "CompanyName": "The EndoDesk project",
        "FileDescription": ABOUT[name],
        "FileVersion": __version__,
        "InternalName": name,
        "LegalCopyright": "Research use only. Not a medical device.",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "EndoDesk",
        "ProductVersion": __version__,
    }
    lines = ",\n        ".join(f"StringStruct({key!r}, {value!r})" for key, value in shown.items())
    return f"""VSVersionInfo(
    ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)),
    kids=[
        StringFileInfo([StringTable('040904B0', [
        {lines},
        ])]),
        VarFileInfo([VarStruct('Translation', [0x0409, 0x04B0])]),
    ],
)
"""
