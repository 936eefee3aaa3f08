#!/bin/bash
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
command -v code-server >/dev/null || missing "code-server: command not found on $(hostname)." \
  "Load a module that has it (often 'code-server'), install it (conda install -c conda-forge code-server), or run it in a container."
folder=$(expand {{ tunel.quoted.folder or '"$PWD"' }})
there "$folder" "folder"
# The password is in a file of this launch's folder: neither the command line nor the environment shows it.
config=$TUNEL_DIR/code-server.yaml
(umask 077 && printf 'auth: password\npassword: %s\ncert: false\n' "$(cat "$TUNEL_TOKEN_FILE")" >"$config")
unset PASSWORD HASHED_PASSWORD CODE_SERVER_CONFIG
# A job may be given that of the login node, which is not on this one; its terminals would find no place for their sockets.
[ -d "${XDG_RUNTIME_DIR:-}" ] || unset XDG_RUNTIME_DIR
options=(--disable-telemetry --disable-update-check)
# Two of them would share one in the home directory.
code-server --help 2>/dev/null | grep -q session-socket && options+=(--session-socket "$TUNEL_DIR/i")
exec code-server --config "$config" --auth password --socket "$TUNEL_SOCKET" --socket-mode 600 "${options[@]}" "$folder"
