#!/bin/bash
{% include "bash/tunel/python.sh" %}
has django django uwsgi
command -v uwsgi >/dev/null || missing "uwsgi: command not found on $(hostname)." \
  "Load a module or choose an environment that has it, or install it: python3 -m pip install --user uwsgi"
# Distributions ship Python as a plugin of uWSGI; one made by pip has it inside.
options=()
uwsgi --plugin python3 --version >/dev/null 2>&1 && options=(--plugin python3)
# The Python inside uWSGI does not see which environment was entered.
[ -z "${VIRTUAL_ENV:-}" ] || options+=(--virtualenv "$VIRTUAL_ENV")
cd "$TUNEL_DIR/files" || exit 1
python3 notes.py migrate || exit 1
exec uwsgi "${options[@]}" --master --die-on-term --need-app --processes {{ tunel.quoted.processes }} \
  --http-socket "$TUNEL_SOCKET" --chmod-socket=600 --wsgi-file notes.py --callable application
