#!/bin/bash
{% include "bash/tunel/r.sh" %}
script=$(expand {{ tunel.quoted.script or '"$TUNEL_DIR/files/example.R"' }})
there "$script" "script"
split {{ tunel.quoted.arguments or "''" }}
exec Rscript "$script" "${words[@]}"
