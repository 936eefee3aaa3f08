# WORKDIR: the folder asked for, else the cluster's, else home.
{% if args.workdir %}WORKDIR="{{ args.workdir }}"{% elif workdir %}WORKDIR="{{ workdir }}"{% else %}WORKDIR="$HOME"{% endif %}
case $WORKDIR in "~" | "~/"*) WORKDIR="$HOME${WORKDIR#"~"}" ;; esac
cd "$WORKDIR" || { echo "The work directory $WORKDIR cannot be entered." >&2; exit 1; }
export WORKDIR
