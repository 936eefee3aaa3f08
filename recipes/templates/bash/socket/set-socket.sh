# SOCKET: beside this script, in a folder only its user can enter.
SOCKET="{{ scriptdir }}/{{ jobslug }}.sock"
rm -f "$SOCKET"
export SOCKET
