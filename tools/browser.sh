#!/bin/sh
# Sees to it that the browser tests have a Chromium, and prints its path.
# An installed one is used as it is; otherwise Debian's is installed, as root or with sudo that asks no password.
set -u

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" 2>/dev/null && return 0
    done
    return 1
}

install_with() {
    echo "No Chromium found; installing it with apt-get" >&2
    # A fresh container knows no package until the lists are there. One list that fails need not matter.
    "$@" apt-get update -qq >&2
    "$@" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-inter >&2
}

find_browser && exit 0
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        install_with
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        install_with sudo -n
    fi
    find_browser && exit 0
fi

# (echo is the shell's own, so that the sentence also appears where PATH is broken)
echo 'The browser tests need Chromium or Google Chrome, and none was found. Install one and run this again,' >&2
echo 'on Debian: sudo apt-get update && sudo apt-get install chromium fonts-inter' >&2
echo 'The tests that need no browser run with `make quick`.' >&2
exit 1
