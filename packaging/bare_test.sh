#!/bin/sh
# A package on a bare Debian 12: packaging/bare_test.sh dist/PACKAGE.deb [FOLDER]. As root; needs debootstrap. FOLDER is made if it is not there.
# The mirror is the one that apt uses here. From the installing on there is no network.
set -eu
package=$1 bare=${2:-/tmp/endodesk-bare}
needs=$(dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/|.*//; s/ //g' | paste -sd,)
if [ ! -x "$bare/bin/sh" ]; then
    mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources | head -n 1)
    debootstrap --variant=minbase --include="$needs" bookworm "$bare" "$mirror" >"$bare.log"
fi
cp "$package" "$bare/tmp/endodesk.deb"
cp "$(dirname "$0")/../docs/window.png" "$bare/tmp/frame.png" # any picture will do
unshare -n chroot "$bare" /bin/sh -eu <<'INSIDE'
find / -xdev -not -path '/proc/*' -not -path '/tmp/*' -not -path '/home/*' | sort >/tmp/before
dpkg -i /tmp/endodesk.deb
home='/home/José Ñuñez'
mkdir -p "$home"
id endo >/dev/null 2>&1 || useradd -d "$home" endo
chown -R endo "$home"
cat >/tmp/as_user <<'USER'
set -eu
export QT_QPA_PLATFORM=offscreen
cd "$HOME"
mkdir -p marcos
cp /tmp/frame.png marcos/
endodesk-worker --version
endodesk-worker predict marcos --model /opt/endodesk/_internal/resources/models/starter --out respuestas.csv
endodesk open marcos --snapshot ventana.png
test -s ventana.png && test -s respuestas.csv
if touch /opt/endodesk/x 2>/dev/null; then echo "The program's folder can be written to."; exit 1; fi
said=$(HOME=/nowhere endodesk open marcos --snapshot ventana2.png 2>&1) && { echo "No home, and no word about it."; exit 1; }
case $said in *Traceback*) echo "$said"; exit 1 ;; *"cannot be made"*) echo "No home: a sentence" ;; *) echo "$said"; exit 1 ;; esac
USER
su endo -s /bin/sh -c "HOME='$home' sh /tmp/as_user"
package=$(dpkg-deb -f /tmp/endodesk.deb Package)
dpkg --purge "$package"
find / -xdev -not -path '/proc/*' -not -path '/tmp/*' -not -path '/home/*' | sort >/tmp/after
echo "Left behind outside /home:"
diff /tmp/before /tmp/after | grep '^>' | grep -v -e /var/lib/dpkg -e /var/log -e /etc/passwd -e /etc/shadow -e /etc/group -e /etc/gshadow -e /etc/subuid -e /etc/subgid -e /var/mail -e /var/cache/fontconfig || echo nothing
INSIDE
