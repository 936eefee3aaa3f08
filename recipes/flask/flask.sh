#!/bin/bash
{% include "bash/tunel/python.sh" %}
has flask flask gunicorn
has gunicorn gunicorn
cd "$TUNEL_DIR/files" || exit 1
exec python3 -m gunicorn --config gunicorn_config.py --workers {{ tunel.quoted.workers }} --access-logfile - app:app
