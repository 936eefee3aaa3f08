#!/bin/bash
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
command -v python3 >/dev/null || missing "python3: command not found on $(hostname)." "Load a module that has it."
script=$(expand {{ tunel.quoted.script or '"$TUNEL_DIR/files/example.py"' }})
there "$script" "script"
split {{ tunel.quoted.arguments or "''" }}
# -u: what it prints is in the log at once.
exec python3 -u "$script" "${words[@]}"
