#!/bin/sh
# Makes .venv/ with everything in it, from pinned versions. Called by `make setup`, which skips it when nothing changed.
set -eu
cd "$(dirname "$0")/.."

works() {
    [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null
}

if ! works; then
    python=$(sh tools/find_python.sh)
    echo "Making .venv with $python"
    "$python" -m venv --clear .venv
fi

install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "$@"
}

echo "Installing the pinned packages; the first time this takes a few minutes"
if [ "$(uname -s)" = Linux ]; then
    install --require-hashes -r requirements/all.txt
else
    # The hashes were resolved on Linux; other systems need a few packages of their own. Versions stay the same.
    install -c constraints.txt -e '.[dashboard,dev]'
fi
install --no-deps --no-build-isolation -e .
echo "Compiling the rules of the model, so that the first answer comes at once"
.venv/bin/python tools/compile_rules.py || echo "That did not work; the first run will try again"
touch .venv/.set-up
