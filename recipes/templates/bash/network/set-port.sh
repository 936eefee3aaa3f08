# PORT: what was asked for, else the one found free for this launch on this node.
{% if args.port %}PORT="{{ args.port }}"{% else %}PORT="${TUNEL_PORT:-{{ port }}}"{% endif %}
export PORT
