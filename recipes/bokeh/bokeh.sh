#!/bin/bash
{% include "bash/tunel/python.sh" %}
server={{ tunel.quoted.server }}
has "$server" "$server"
app=$(expand {{ tunel.quoted.app or '"$TUNEL_DIR/files/example.py"' }})
there "$app" "app"
split {{ tunel.quoted.arguments or "''" }}
cd "$(dirname "$app")" || exit 1
# Requests come with the origin http://localhost; of others no WebSocket is taken.
export BOKEH_ALLOW_WS_ORIGIN=localhost
exec python3 -m "$server" serve "$app" --unix-socket "$TUNEL_SOCKET" --args "${words[@]}"
