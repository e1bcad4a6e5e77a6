#!/bin/sh
# After the files have come or gone (postinst and postrm): what desktops keep of them is renewed, where there is a desktop.
set -e
case "$1" in
    configure | remove | purge) ;;
    *) exit 0 ;;
esac
if [ -d /usr/share/mime/packages ] && command -v update-mime-database >/dev/null; then
    update-mime-database /usr/share/mime || true
fi
if [ -d /usr/share/applications ] && command -v update-desktop-database >/dev/null; then
    update-desktop-database -q /usr/share/applications || true
fi
if [ -e /usr/share/icons/hicolor/icon-theme.cache ] && command -v gtk-update-icon-cache >/dev/null; then
    gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true
fi
