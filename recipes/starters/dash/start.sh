#!/bin/bash
for module in dash gunicorn; do
  python3 -c "import $module" 2>/dev/null || {
    echo "python3 on $(hostname) has no $module. Load a module that has it, or: python3 -m pip install --user $module" >&2
    exit 127
  }
done
cd "$TUNEL_DIR/files" || exit 1
exec python3 -m gunicorn --bind "unix:$TUNEL_SOCKET" --umask 0177 app:server
