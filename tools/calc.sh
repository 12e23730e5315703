#!/bin/sh
# Makes sure, where it can, that there is a LibreOffice Calc: the tests open the exports in it as a person would.
# On Debian as root the distribution's is installed (80 MB, without its windows); elsewhere those tests are skipped.
set -eu
if command -v soffice >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing LibreOffice Calc with apt-get" >&2
    export DEBIAN_FRONTEND=noninteractive
    install="apt-get install -qq --yes --no-install-recommends libreoffice-calc-nogui"
    $install >&2 || { apt-get update -qq >&2 && $install >&2; } || true
fi
command -v soffice >/dev/null || echo "There is no LibreOffice Calc (Debian: libreoffice-calc-nogui); its tests are skipped." >&2
