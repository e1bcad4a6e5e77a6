#!/bin/sh
# What packaging/bare_test.sh does inside the bare system: bare_inside.sh install | use | old | purge
set -eu
home='/home/José Ñuñez'

list() {
    find / -xdev -not -path '/proc/*' -not -path '/tmp/*' -not -path '/home/*' -not -path '/root/*' | sort
}

install_it() {
    id endo >/dev/null 2>&1 || useradd -d "$home" endo
    mkdir -p "$home"
    chown -R endo "$home"
    list >/tmp/before
    dpkg -i /tmp/endodesk.deb
    (cd /opt/endodesk && sha256sum --quiet -c SHA256SUMS) && echo "All files are whole"
    if command -v man >/dev/null; then
        test "$(man -w endodesk)" = /usr/share/man/man1/endodesk.1.gz && echo "The manual is found"
    fi
    if command -v update-mime-database >/dev/null; then
        grep -q 'endodesk-project:\*.endodesk$' /usr/share/mime/globs2 && echo "The file type is known"
    fi
    if command -v desktop-file-validate >/dev/null; then
        desktop-file-validate /usr/share/applications/endodesk.desktop && echo "The menu entry is valid"
        grep -q '^application/x-endodesk-project=endodesk.desktop' /usr/share/applications/mimeinfo.cache && echo "The menu entry opens it"
    fi
}

use_it() {
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
endodesk-worker demo --out muestra >/dev/null
endodesk open muestra/project.endodesk --snapshot proyecto.png
test -s proyecto.png && echo "A project opens by its file"
if touch /opt/endodesk/x 2>/dev/null; then echo "The program's folder can be written to."; exit 1; fi
said=$(HOME=/nowhere endodesk open marcos --snapshot ventana2.png 2>&1) && { echo "No home, and no word about it."; exit 1; }
case $said in *Traceback*) echo "$said"; exit 1 ;; *"cannot be made"*) echo "No home: a sentence" ;; *) echo "$said"; exit 1 ;; esac
USER
    su endo -s /bin/sh -c "HOME='$home' sh /tmp/as_user"
}

old_it() {
    for program in endodesk endodesk-worker; do
        code=0
        said=$(QT_QPA_PLATFORM=offscreen $program --version 2>&1) || code=$?
        case "$code $said" in "2 "*SSE4.2*) echo "An old processor: $said" ;; *) echo "An old processor, and $program ended with $code: $said"; exit 1 ;; esac
    done
}

purge_it() {
    dpkg --purge "$(dpkg-deb -f /tmp/endodesk.deb Package)"
    list >/tmp/after
    left=$(diff /tmp/before /tmp/after | grep '^>' | grep -v -e /var/lib/dpkg -e /var/log -e /var/cache/fontconfig -e /var/cache/man) || true
    echo "Left behind outside /home: ${left:-nothing}"
    names=$(grep -rl --exclude-dir=log -e endodesk /etc /usr /opt /var 2>/dev/null | grep -v -e /var/lib/dpkg/ -e /var/cache/man/ -e '^/etc/\(passwd\|shadow\|group\|gshadow\)') || true
    echo "Files that still name it: ${names:-none}"
    [ -z "$left$names" ]
}

case $1 in
    install) install_it ;;
    use) use_it ;;
    old) old_it ;;
    purge) purge_it ;;
esac
