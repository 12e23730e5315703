#!/bin/sh
# tools/venv.sh PYTHON FOLDER: makes the virtual environment, with pip in it.
# Debian's own Python comes without the module that does this; as root it is installed, otherwise the remedy is named.
set -eu
python=$1
folder=$2

if ! command -v "$python" >/dev/null 2>&1; then
    echo "atribusi: no '$python' found — install Python 3.11, 3.12 or 3.13, or name one: make PYTHON=/path/to/python" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; then
    echo "atribusi: '$python' is $("$python" --version 2>&1) — Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing Debian's $package" >&2
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null
    else
        echo "atribusi: '$python' cannot make virtual environments — run: sudo apt-get install $package" >&2
        exit 1
    fi
fi
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
