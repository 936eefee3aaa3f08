# PORT: what was asked for, else the one found free for this launch.
{% if args.port %}PORT="{{ args.port }}"{% elif port %}PORT="{{ port }}"{% else %}PORT="${TUNEL_PORT:-}"{% endif %}
export PORT
