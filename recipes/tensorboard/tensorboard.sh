#!/bin/bash
{% include "bash/tunel/python.sh" %}
has tensorboard tensorboard
logs=$(expand {{ tunel.quoted.logs or '"$PWD"' }})
there "$logs" "folder"
# TensorBoard tells others of itself in a folder of TMPDIR that everybody may write to; here it is the user's own.
mkdir -p "$TUNEL_DIR/tmp"
export TMPDIR=$TUNEL_DIR/tmp
# Its fast loader would listen on a port without a password, so the plain one reads the logs.
exec python3 "$TUNEL_DIR/files/serve.py" --logdir "$logs" --reload_interval {{ tunel.quoted.reload }} --load_fast false
