#!/bin/bash
for module in streamlit; do
  python3 -c "import $module" 2>/dev/null || {
    echo "python3 on $(hostname) has no $module. Load a module that has it, or: python3 -m pip install --user $module" >&2
    exit 127
  }
done
cd "$TUNEL_DIR/files" || exit 1
export STREAMLIT_SERVER_HEADLESS=true STREAMLIT_BROWSER_GATHER_USAGE_STATS=false
exec python3 serve.py app.py
