#!/bin/sh
interface=lab
jupyter lab --version >/dev/null 2>&1 || interface=notebook
exec jupyter "$interface" --no-browser --config "$TUNEL_DIR/files/jupyter_config.py"
