#!/bin/bash
# Build, try out, sign and pack one edition on macOS: packaging/macos/build.sh reviewer|full
# Leaves build/EDITION/EndoDesk.app and dist/endodesk-EDITION_VERSION_macos-ARCH.dmg with its sum and its bill of materials.
# For the machine it runs on: arm64 on Apple silicon, x86_64 on Intel; there is no build for both, as few wheels are. PYTHON names the Python.
set -euo pipefail
edition=${1:-}
cd "$(dirname "$0")/../.."
[ "$(uname -s)" = Darwin ] || { echo "This builds on macOS only; on Linux: make $edition"; exit 1; }
arch=$(uname -m)
[ "$arch" = arm64 ] || echo "LiteRT (ai-edge-litert) had no wheel for Intel Macs when this was written: if pip finds none, EndoDesk cannot be built here."

PYTHON=${PYTHON:-python3} packaging/build.sh "$edition"
folder=build/$edition/EndoDesk app=build/$edition/EndoDesk.app python=build/venv-$edition/bin/python
"$python" packaging/smoke_test.py "$folder"

# The bundle was made before these were. Its own signature holds the sums of all files, so SHA256SUMS stays outside.
cp "$folder/THIRD_PARTY.txt" "$folder/sbom.cdx.json" "$app/Contents/Resources/"
packaging/macos/sign_and_notarise.sh "$app"

# The bundle is laid out otherwise than the folder, so it is tried by itself, and after the signing, which may forbid what it needs.
try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT
mkdir "$try/frames"
cp docs/window.png "$try/frames/" # any picture will do
export QT_QPA_PLATFORM=offscreen
"$app/Contents/MacOS/endodesk-worker" --version
"$app/Contents/MacOS/endodesk-worker" predict "$try/frames" --model "$app/Contents/Resources/resources/models/starter" --out "$try/answers.csv"
"$app/Contents/MacOS/EndoDesk" open "$try/frames" --snapshot "$try/window.png"
test -s "$try/answers.csv" && test -s "$try/window.png"
[ "$edition" = reviewer ] || test -d "$app/Contents/Frameworks/tensorflow" # where training/plan/launch.py looks for it

version=$("$python" -c 'import endodesk; print(endodesk.__version__)')
name=endodesk-${edition}_${version}_macos-$arch
mkdir -p dist
rm -f "dist/$name.dmg"
# An environment apart: the bill of materials lists all that is in the other one.
[ -x build/venv-dmg/bin/python ] || "${PYTHON:-python3}" -m venv build/venv-dmg
PIP_CONSTRAINT="$PWD/constraints.txt" build/venv-dmg/bin/python -m pip install --quiet --disable-pip-version-check dmgbuild
build/venv-dmg/bin/python -m dmgbuild -s packaging/macos/dmg_settings.py -D app="$app" -D about=packaging "EndoDesk" "dist/$name.dmg"
packaging/macos/sign_and_notarise.sh "dist/$name.dmg"
(cd dist && shasum -a 256 "$name.dmg" >"$name.dmg.sha256")
cp "$folder/sbom.cdx.json" "dist/$name.cdx.json"
echo "dist/$name.dmg: $(du -sm "dist/$name.dmg" | cut -f1) MB; installed $(du -sm "$app" | cut -f1) MB"
