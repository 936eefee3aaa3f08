#!/bin/bash
if ! python3 -c "import django" 2>/dev/null; then
  echo "python3 on $(hostname) has no Django." >&2
  echo "Load a module that has it, or install it: python3 -m pip install --user django" >&2
  exit 127
fi
if ! command -v uwsgi >/dev/null; then
  echo "uwsgi: command not found on $(hostname)." >&2
  echo "Load a module that has it, or install it: python3 -m pip install --user uwsgi" >&2
  exit 127
fi
# Distributions ship Python as a plugin of uWSGI; one made by pip has it inside.
plugin=()
uwsgi --plugin python3 --version >/dev/null 2>&1 && plugin=(--plugin python3)
cd "$TUNEL_DIR/files" || exit 1
python3 notes.py migrate || exit 1
exec uwsgi "${plugin[@]}" --master --die-on-term --need-app --processes {{ args.processes }} \
  --http-socket "$TUNEL_SOCKET" --chmod-socket=600 --wsgi-file notes.py --callable application
