#!/bin/sh
# Build the folder of one edition: packaging/build.sh reviewer|full -> build/EDITION/EndoDesk. The environment is its own, so that nothing of ours slips in.
set -eu
edition=$1
cd "$(dirname "$0")/.."
venv=build/venv-$edition
case $edition in
    reviewer) what=. ;;
    full) what='.[train]' ;;
    *) echo "The edition is reviewer or full, not $edition."; exit 1 ;;
esac
[ -x "$venv/bin/python" ] || "${PYTHON:-.venv/bin/python}" -m venv "$venv"
PIP_CONSTRAINT="$PWD/constraints.txt" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
PIP_CONSTRAINT="$PWD/constraints.txt" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$what" pyinstaller
# Two builds from one commit are to be equal: the order of sets, and the only date.
PYTHONHASHSEED=0
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
ENDODESK_EDITION=$edition
export PYTHONHASHSEED SOURCE_DATE_EPOCH ENDODESK_EDITION
rm -rf "build/$edition" "build/work-$edition"
"$venv/bin/pyinstaller" --noconfirm --log-level WARN --distpath "build/$edition" --workpath "build/work-$edition" packaging/endodesk.spec
# Symbols for debuggers: 15 MB of Python's own library, 11 MB of two decoders. Not of the others: wheels' libraries are patched, and
# stripping breaks such ones.
[ "$(uname -s)" != Linux ] || (cd "build/$edition/EndoDesk/_internal" && strip --strip-unneeded libpython3*.so* _openjpeg*.so _CharLS*.so)
"$venv/bin/python" packaging/what_comes_along.py "build/$edition/EndoDesk"
echo "build/$edition/EndoDesk: $(du -sm "build/$edition/EndoDesk" | cut -f1) MB"
