# TUNEL_USER and TUNEL_PASS: what was asked for, else made for this launch alone.
{% if args.user %}TUNEL_USER="{{ args.user }}"{% else %}TUNEL_USER="${USER:-tunel}"{% endif %}
{% if args.pass %}TUNEL_PASS="{{ args.pass }}"{% else %}TUNEL_PASS="$(cat "$TUNEL_TOKEN_FILE")"{% endif %}
