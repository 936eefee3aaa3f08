#!/bin/bash
{% include "bash/tunel/python.sh" %}
has dash dash gunicorn
has gunicorn gunicorn
TUNEL_APP=$(expand {{ tunel.quoted.app or '"$TUNEL_DIR/files/example.py"' }})
there "$TUNEL_APP" "Dash app"
export TUNEL_APP
cd "$(dirname "$TUNEL_APP")" || exit 1
exec python3 -m gunicorn --config "$TUNEL_DIR/files/gunicorn_config.py" --workers {{ tunel.quoted.workers }} tunel_serve:server
