#!/bin/sh
# Makes sure that there is a Chromium for the browser tests, and prints its path (nothing, where Playwright uses its own).
# An installed one; else, on Debian as root, the distribution's; else Playwright's own download.
# Usage: sh tools/chromium.sh [virtual environment's bin, or its python, with playwright installed]
set -eu
python=${1:-python3}
if [ -d "$python" ]; then
    python=$python/python
fi

installed() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && command -v "$name"; then
            return 0
        fi
    done
    return 1
}

installed && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium with apt-get" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq --yes --no-install-recommends chromium >&2 ||
        { apt-get update -qq >&2 && apt-get install -qq --yes --no-install-recommends chromium >&2; } || true
    installed && exit 0
fi
if "$python" -m playwright install chromium >&2; then
    exit 0
fi
echo "There is no Chromium for the browser tests. Install Chromium or Chrome (on Debian, as root: apt-get install chromium)," >&2
echo "or set CHROMIUM to the path of one." >&2
exit 1
