#!/bin/sh
# A package on a bare Debian 12: packaging/bare_test.sh dist/PACKAGE.deb [FOLDER]. As root; needs debootstrap. FOLDER is made if it is not there.
# The mirror is the one that apt uses here. From the installing on there is no network. BARE_WITH=package,package adds some to the bare system.
# PYTHON is the one of the source's environment, which the smoke test asks for its answers.
set -eu
package=$1 bare=${2:-/tmp/endodesk-bare}
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-$here/../.venv/bin/python}
needs=$(dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/|.*//; s/ //g' | paste -sd,)
if [ ! -x "$bare/bin/sh" ]; then
    mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources | head -n 1)
    debootstrap --variant=minbase --include="$needs${BARE_WITH:+,$BARE_WITH}" bookworm "$bare" "$mirror" >"$bare.log"
fi
cp "$package" "$bare/tmp/endodesk.deb"
cp "$here/../docs/window.png" "$bare/tmp/frame.png" # any picture will do
cp "$here/bare_inside.sh" "$bare/tmp/bare_inside.sh"
# The smoke test's own half runs outside, for a bare system has no Python; its folder and the program's are at the same places for both halves.
exec unshare --net --mount /bin/sh -eu <<OUTSIDE
mount -t proc proc "$bare/proc"
chroot "$bare" /bin/sh -eu /tmp/bare_inside.sh install
chroot "$bare" /bin/sh -eu /tmp/bare_inside.sh use
sed 's/ sse4_2//g' /proc/cpuinfo >"$bare/tmp/cpuinfo"
mount --bind "$bare/tmp/cpuinfo" "$bare/proc/cpuinfo"
chroot "$bare" /bin/sh -eu /tmp/bare_inside.sh old
umount "$bare/proc/cpuinfo"
mkdir -p /opt/endodesk /tmp/endodesk-smoke "$bare/tmp/endodesk-smoke"
mount --bind "$bare/opt/endodesk" /opt/endodesk
mount --bind /tmp/endodesk-smoke "$bare/tmp/endodesk-smoke"
echo "The smoke test, its program in the bare system:"
TMPDIR=/tmp/endodesk-smoke "$python" "$here/smoke_test.py" /opt/endodesk --inside "$bare"
umount /opt/endodesk "$bare/tmp/endodesk-smoke"
rmdir /tmp/endodesk-smoke
rmdir /opt/endodesk 2>/dev/null || true # the mount's place; an EndoDesk that is installed here stays
chroot "$bare" /bin/sh -eu /tmp/bare_inside.sh purge
OUTSIDE
