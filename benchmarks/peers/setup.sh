#!/bin/sh
# Makes the environment of the peers, apart from the project's own: benchmarks/peers/setup.sh [FOLDER]   (default .venv-peers)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../../.venv-peers}
python=${PYTHON:-python3}
"$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
"$folder/bin/python" -c 'import presidio_analyzer, spacy; spacy.load("ja_ginza")'
echo "peers: $folder/bin/python"
