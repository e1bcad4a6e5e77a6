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
rm -rf build/lib build/bdist.* # modules that are no more would come along
PIP_CONSTRAINT="$PWD/constraints.txt" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
PIP_CONSTRAINT="$PWD/constraints.txt" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$what" pyinstaller
# Two builds from one commit are to be equal: the order of sets, and the only date.
PYTHONHASHSEED=0
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
ENDODESK_EDITION=$edition
export PYTHONHASHSEED SOURCE_DATE_EPOCH ENDODESK_EDITION
rm -rf "build/$edition" "build/work-$edition"
"$venv/bin/pyinstaller" --noconfirm --log-level WARN --distpath "build/$edition" --workpath "build/work-$edition" packaging/endodesk.spec
[ "$(uname -s)" != Linux ] || "$venv/bin/python" packaging/slim_linux.py "build/$edition/EndoDesk"
[ "$(uname -s)" != Linux ] || "$venv/bin/python" packaging/hollow_libraries.py "build/$edition/EndoDesk"
"$venv/bin/python" packaging/what_comes_along.py "build/$edition/EndoDesk"
echo "build/$edition/EndoDesk: $(du -sm "build/$edition/EndoDesk" | cut -f1) MB"
