#!/bin/bash
{% include "bash/tunel/python.sh" %}
has marimo marimo
{% if args.mode == "run" %}notebook=$(expand {{ tunel.quoted.notebook or '"$TUNEL_DIR/files/example.py"' }})
{% else %}notebook=$(expand {{ tunel.quoted.notebook or '"$PWD"' }})
there "$(dirname "$notebook")" "folder"
{% endif %}cd "$(dirname "$notebook")" || exit 1
exec python3 "$TUNEL_DIR/files/serve.py" {{ tunel.quoted.mode }} "$notebook"
