#!/bin/sh
# Linux: sh start.sh          macOS: a double click on start.command
# Puts the course into the folder gans-for-faces of your home, installs it there from the stick,
# checks it, and opens JupyterLab. Another folder: sh start.sh FOLDER
stick=$(cd "$(dirname "$0")" && pwd)
start=$stick/course/helpers/classroom/stick/start.py
PATH=$PATH:/usr/local/bin:/opt/homebrew/bin

for python in python3.12 python3.13 python3.11 python3.10 python3; do
    if command -v "$python" > /dev/null && "$python" -I "$start" --fits 2> /dev/null; then
        exec "$python" -I "$start" "$@"
    fi
done
if command -v python3 > /dev/null; then
    exec python3 -I "$start" "$@"  # it says why it isn't the right one
fi
echo "There is no Python on this computer. Install it from the stick's folder python, or from" >&2
echo "python.org, and start again. READ_ME.txt says which one." >&2
exit 1
