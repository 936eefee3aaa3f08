#!/bin/bash
missing=""
for module in flask gunicorn; do
  python3 -c "import $module" 2>/dev/null || missing="$missing $module"
done
if [ -n "$missing" ]; then
  echo "python3 on $(hostname) has no$missing." >&2
  echo "Load a module that has it, or install it: python3 -m pip install --user$missing" >&2
  exit 127
fi
cd "$TUNEL_DIR/files" || exit 1
exec python3 -m gunicorn --bind "unix:$TUNEL_SOCKET" --umask 0177 --workers {{ args.workers }} \
  --worker-tmp-dir "$TUNEL_DIR" --access-logfile - app:app
