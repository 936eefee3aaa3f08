#!/bin/bash
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
command -v matlab-proxy-app >/dev/null || missing "matlab-proxy-app: command not found on $(hostname)." \
  "Choose an environment that has it, or install it: python3 -m pip install --user matlab-proxy"
command -v matlab >/dev/null || missing "matlab: command not found on $(hostname)." \
  "Load a module that has it (often 'matlab')."
# An environment can be read by its user alone, a command line by everybody. The log must not have the token either.
MWI_AUTH_TOKEN=$(cat "$TUNEL_TOKEN_FILE")
export MWI_AUTH_TOKEN MWI_ENABLE_TOKEN_AUTH=true MWI_APP_HOST=127.0.0.1 MWI_APP_PORT="$TUNEL_PORT"
{% if args.license %}export MLM_LICENSE_FILE={{ tunel.quoted.license }}
{% endif %}matlab-proxy-app 2>&1 | while IFS= read -r line; do
  printf '%s\n' "${line//$MWI_AUTH_TOKEN/***}"
done
exit "${PIPESTATUS[0]}"
