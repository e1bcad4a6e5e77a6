#!/bin/sh
# Open the window on the demo project; with no display, draw it off screen and leave a picture and the answers.
set -eu
endodesk=$1 demo=$2
if [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$endodesk" "$demo"
fi
echo "There is no display, so the window is drawn off screen."
QT_QPA_PLATFORM=offscreen "$endodesk" "$demo" --snapshot endodesk-demo.png
"$endodesk" predict "$demo" --out predictions.csv
echo "The window is in endodesk-demo.png, the answers for all demo frames are in predictions.csv."
