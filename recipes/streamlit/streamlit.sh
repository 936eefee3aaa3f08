#!/bin/bash
{% include "bash/tunel/python.sh" %}
has streamlit streamlit
app=$(expand {{ tunel.quoted.app or '"$TUNEL_DIR/files/example.py"' }})
there "$app" "Streamlit app"
split {{ tunel.quoted.arguments or "''" }}
cd "$(dirname "$app")" || exit 1
# Requests come with the origin http://localhost, so the checks against other sites (CORS, XSRF) stay on.
export STREAMLIT_SERVER_HEADLESS=true STREAMLIT_SERVER_ENABLE_CORS=true STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=true
export STREAMLIT_SERVER_MAX_UPLOAD_SIZE={{ tunel.quoted.upload }} STREAMLIT_BROWSER_GATHER_USAGE_STATS=false
exec python3 "$TUNEL_DIR/files/serve.py" "$app" "${words[@]}"
