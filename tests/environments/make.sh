#!/usr/bin/env bash
# Makes an environment, unless it is there, and prints the path of its Python.
#
#   make.sh NAME [PYTHON]     NAME.txt beside this file says exactly what is in it
#   make.sh uv                only uv itself, which makes the others; prints its path
#
# Environments live outside the tree, in $PIPEC_ENVS, each under a name that changes with its
# list of packages and with the Python it is made from.
set -euo pipefail

name=${1:?usage: make.sh NAME [PYTHON]}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${PIPEC_ENVS:-${XDG_CACHE_HOME:-$HOME/.cache}/pipec/envs}
packages=$here/$name.txt

say() { printf '%s\n' "$*" >&2; }

# The first Python at hand that every package in the lists has a build for.
suitable_python() {
    local candidate
    for candidate in ${2:-python3 python3.12 python3.11 python3.13}; do
        if "$candidate" -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $1))" 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say "make.sh: $name needs a Python from 3.11 to 3.$1, and ${2:-none on the PATH} is not one"
    exit 1
}

installer() {
    if type -P uv; then
        return
    fi
    if [ ! -e "$root/uv/complete" ]; then
        say "installing uv into $root/uv"
        rm -rf "$root/uv"
        "$(suitable_python 99)" -m venv "$root/uv" >&2
        "$root/uv/bin/pip" install --quiet --disable-pip-version-check uv >&2
        touch "$root/uv/complete"
    fi
    echo "$root/uv/bin/uv"
}

mkdir -p "$root"
# Two runs at once wait for each other rather than write into the same folder.
if command -v flock >/dev/null; then
    exec 9>"$root/lock"
    flock 9
fi

if [ "$name" = uv ]; then
    installer
    exit
fi
[ -e "$packages" ] || { say "make.sh: there is no $packages"; exit 2; }

# Airflow 2.11 and the embedded PostgreSQL stop at Python 3.12.
case $name in
    dev) newest=99 ;;
    *) newest=12 ;;
esac
python=$(suitable_python "$newest" "${2:-}")
key=$("$python" - "$packages" <<'PYTHON'
import hashlib, pathlib, sys

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
made_of = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
print(hashlib.sha256(f"{sys.version}{sys.executable}{made_of}".encode()).hexdigest()[:12])
PYTHON
)
environment=$root/$name-$key

if [ ! -e "$environment/complete" ]; then
    say "making the environment $name in $environment"
    rm -rf "$environment"
    uv=$(installer)
    "$uv" venv --quiet --no-project --python "$python" "$environment" >&2
    # The list is complete; to look again would find what overrides.txt leaves out.
    "$uv" pip install --quiet --no-deps --python "$environment/bin/python" --requirement "$packages" >&2
    touch "$environment/complete"
fi
echo "$environment/bin/python"
