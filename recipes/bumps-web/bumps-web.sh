#!/bin/bash
{% include "bash/tunel/python.sh" %}
has bumps.webview bumps
{% if args.session %}session=$(expand {{ tunel.quoted.session }})
there "$session" "session"
options=("--read-session=$session")
{% else %}options=()
{% endif %}export MPLBACKEND=Agg
exec python3 -u "$TUNEL_DIR/files/serve.py" --headless "${options[@]}"
