#!/bin/sh
# What the program needs from a Linux system besides Python: installed when we are root on Debian or Ubuntu, else the line to run is printed.
# With `window` also what a window on a display needs; without, what Qt needs to draw off screen.
set -eu
[ "$(uname -s)" = Linux ] || exit 0
PATH="$PATH:/sbin:/usr/sbin"

missing=""
need() { # soname, Debian package
    ldconfig -p 2>/dev/null | grep -q "$1" || missing="$missing $2"
}
need libEGL.so.1 libegl1
need libGL.so.1 libgl1
need libxkbcommon.so.0 libxkbcommon0
need libdbus-1.so.3 libdbus-1-3
need libfontconfig.so.1 libfontconfig1
need libglib-2.0.so.0 libglib2.0-0
if [ "${1:-}" = window ]; then
    need libxcb-cursor.so.0 libxcb-cursor0
    need libxkbcommon-x11.so.0 libxkbcommon-x11-0
    need libxcb-icccm.so.4 libxcb-icccm4
    need libxcb-image.so.0 libxcb-image0
    need libxcb-keysyms.so.1 libxcb-keysyms1
    need libxcb-render-util.so.0 libxcb-render-util0
    need libxcb-shape.so.0 libxcb-shape0
    fonts=$(find /usr/share/fonts "${HOME:-/nowhere}/.fonts" "${HOME:-/nowhere}/.local/share/fonts" -name '*.[to]tf' 2>/dev/null | head -n 1)
    [ -n "$fonts" ] || missing="$missing fonts-dejavu-core"
fi
# Debian's own Python comes without venv.
if [ ! -x .venv/bin/python ] && [ "$(command -v python3)" = /usr/bin/python3 ] && ! python3 -c 'import ensurepip' 2>/dev/null; then
    missing="$missing python3-venv"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Some things may be missing on this system; on Debian they are called:$missing"
elif [ "$(id -u)" = 0 ]; then
    echo "Installing:$missing"
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "This is missing on the system. Run it once, then try again:"
    echo "  sudo apt-get install -y$missing"
    exit 1
fi
