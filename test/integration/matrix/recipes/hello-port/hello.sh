#!/bin/sh
exec python3 "$TUNEL_DIR/files/hello.py"
