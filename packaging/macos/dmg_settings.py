"""How the disk image looks: dmgbuild -s packaging/macos/dmg_settings.py -D app=build/EDITION/EndoDesk.app "EndoDesk" dist/NAME.dmg

dmgbuild runs this file and reads its names; `defines` are the words after -D. No background picture, and no licence to click through:
a distribution system mounts the image with nobody there to agree. What there is to know lies in the image as a text.
"""

application = defines["app"]  # noqa: F821  (from dmgbuild)
about = defines["about"]  # noqa: F821

format = "ULFO"
"""LZFSE, from macOS 10.11; smaller and faster to open than zlib."""
filesystem = "HFS+"
files = [application, (f"{about}/about.en.txt", "Read me.txt"), (f"{about}/about.es.txt", "Léeme.txt")]
symlinks = {"Applications": "/Applications"}
icon = f"{application}/Contents/Resources/EndoDesk.icns"
background = None
default_view = "icon-view"
window_rect = ((200, 200), (560, 360))
icon_size = 96
icon_locations = {"EndoDesk.app": (150, 110), "Applications": (410, 110), "Read me.txt": (150, 260), "Léeme.txt": (410, 260)}
