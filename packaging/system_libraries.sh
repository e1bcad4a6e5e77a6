#!/bin/sh
# The few system libraries that Qt needs on Linux: installed when we are root on Debian or Ubuntu, otherwise the line to run is printed.
set -eu
[ "$(uname -s)" = Linux ] || exit 0

missing=""
need() { # soname, Debian package
    ldconfig -p 2>/dev/null | grep -q "$1" || missing="$missing $2"
}
PATH="$PATH:/sbin:/usr/sbin"
need libEGL.so.1 libegl1
need libGL.so.1 libgl1
need libxkbcommon.so.0 libxkbcommon0
need libdbus-1.so.3 libdbus-1-3
need libfontconfig.so.1 libfontconfig1
need libglib-2.0.so.0 libglib2.0-0
need libxcb-cursor.so.0 libxcb-cursor0
need libxkbcommon-x11.so.0 libxkbcommon-x11-0
need libxcb-icccm.so.4 libxcb-icccm4
need libxcb-image.so.0 libxcb-image0
need libxcb-keysyms.so.1 libxcb-keysyms1
need libxcb-render-util.so.0 libxcb-render-util0
need libxcb-shape.so.0 libxcb-shape0
[ -n "$(find /usr/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -name '*.[to]tf' 2>/dev/null | head -n 1)" ] || missing="$missing fonts-dejavu-core"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Qt may need system libraries that are missing here; on Debian they are called:$missing"
elif [ "$(id -u)" = 0 ]; then
    echo "Installing system libraries:$missing"
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Some system libraries are missing. Run this once, then try again:"
    echo "  sudo apt-get install -y$missing"
    exit 1
fi
