#!/bin/sh
# Prints the path of a Python that can run Samenspel (3.12 or newer, able to make a virtual environment).
# Each candidate is started, because a version manager's `python3.12` may exist and still refuse to run.
set -u

usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' </dev/null >/dev/null 2>&1
}

try() {
    path=$(command -v "$1" 2>/dev/null) || return 1
    usable "$path" || return 1
    # A version manager's name depends on the folder one is in; the interpreter behind it does not.
    "$path" -c 'import sys; print(sys.executable)'
    exit 0
}

# SAMENSPEL_PYTHON, when set, is the only one looked at.
if [ -n "${SAMENSPEL_PYTHON:-}" ]; then
    try "$SAMENSPEL_PYTHON"
    echo "SAMENSPEL_PYTHON: $SAMENSPEL_PYTHON is not a Python 3.12 or newer with the venv module." >&2
    exit 1
fi

# The pinned requirements were made on 3.13, so that one goes first; anything newer goes last.
for version in 3.13 3.12; do
    try "python$version"
    for path in "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/$version".*/bin/python; do
        [ -x "$path" ] && try "$path"
    done
    if command -v uv >/dev/null 2>&1; then
        found=$(uv python find "$version" 2>/dev/null) && try "$found"
    fi
done
try python3
try python

# (echo is the shell's own, so that the sentence also appears where PATH is broken)
echo 'Samenspel needs Python 3.13 or 3.12 (with the venv module), and none was found on this computer.' >&2
echo 'Install one, for instance with `pyenv install 3.13`, `uv python install 3.13` or, where the system has it,' >&2
echo '`apt-get install python3.13-venv`. Is it in an unusual place? Then: SAMENSPEL_PYTHON=/path/to/python make setup' >&2
exit 1
