# TUNEL_USER and TUNEL_PASS: what was asked for, else random ones of this launch alone. Kept in files only you can read,
# from where Tunel signs you in or shows them.
{% if args.user %}TUNEL_USER="{{ args.user }}"{% else %}TUNEL_USER="u$(cut -c 1-7 "$TUNEL_TOKEN_FILE")"{% endif %}
{% if args.pass %}TUNEL_PASS="{{ args.pass }}"{% else %}TUNEL_PASS="$(cut -c 9-40 "$TUNEL_TOKEN_FILE")"{% endif %}
( umask 077; printf '%s\n' "$TUNEL_USER" >"$TUNEL_DIR/user"; printf '%s\n' "$TUNEL_PASS" >"$TUNEL_DIR/pass" )
