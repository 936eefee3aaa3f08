#!/bin/bash
cd "$TUNEL_DIR/files" || exit 1
exec python3 serve.py
