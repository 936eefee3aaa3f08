#!/bin/bash
{% include "bash/tunel/python.sh" %}
has uvicorn uvicorn
{% if not args.app %}has fastapi fastapi
{% endif %}app=$(expand {{ tunel.quoted.app or '"$TUNEL_DIR/files/example.py"' }})
there "$app" "app"
cd "$(dirname "$app")" || exit 1
exec python3 "$TUNEL_DIR/files/tunel_serve.py" "$app" {{ tunel.quoted.variable }}
