#!/bin/bash
xvnc=$(command -v Xvnc || command -v Xtigervnc || true)
if [ -z "$xvnc" ]; then
  echo "Xvnc: command not found on $(hostname)." >&2
  echo "Load a module that has it (often 'tigervnc' or 'vnc'), or ask for the package tigervnc-server (tigervnc-standalone-server on Debian)." >&2
  exit 127
fi
if ! "$xvnc" -help 2>&1 | grep -q rfbunixpath; then
  echo "$xvnc on $(hostname) cannot listen on a Unix socket: TigerVNC 1.8 or newer can." >&2
  exit 127
fi
wanted={{ tunel.quoted.session or "auto" }}
find_session() {
  case $wanted in
    xfce) command -v startxfce4 ;;
    mate) command -v mate-session ;;
    lxqt) command -v startlxqt ;;
    openbox) command -v openbox-session || command -v openbox ;;
    none) echo none ;;
    *)
      for name in startxfce4 mate-session startlxqt lxsession openbox-session openbox icewm fluxbox twm; do
        command -v "$name" && return
      done
      echo none
      ;;
  esac
}
session=$(find_session)
if [ -z "$session" ]; then
  echo "The desktop asked for is not on $(hostname). Let it take what is there, or load a module that has it." >&2
  exit 127
fi
program={{ tunel.quoted.program or "''" }}
if [ -z "$program" ]; then
  # A desktop with a panel has a menu for that.
  case ${session##*/} in startxfce4 | mate-session | startlxqt | lxsession) ;; *) program=$(command -v xterm || true) ;; esac
fi
if [ "$session" = none ] && [ -z "$program" ]; then
  echo "There is neither a desktop nor xterm on $(hostname). Load a module that has one, or name a program." >&2
  exit 127
fi

# Whoever has the cookie may draw on this desktop: it stays in this launch's folder, as does all the session keeps there.
export XAUTHORITY=$TUNEL_DIR/xauthority XDG_RUNTIME_DIR=$TUNEL_DIR/run
mkdir -p "$XDG_RUNTIME_DIR" && chmod 700 "$XDG_RUNTIME_DIR"
(
  # An entry of Xauthority: any host, any display, MIT-MAGIC-COOKIE-1 (18 characters), 16 bytes. Without one X lets all users in.
  umask 077
  {
    printf '\377\377\0\0\0\0\0\022MIT-MAGIC-COOKIE-1\0\020'
    head -c 16 /dev/urandom
  } >"$XAUTHORITY"
)
# The server takes the first free display and writes its number down.
"$xvnc" -displayfd 4 -rfbunixpath "$TUNEL_SOCKET" -rfbunixmode 0600 -rfbport -1 -SecurityTypes None -AlwaysShared \
  -nolisten tcp -nolisten local -auth "$XAUTHORITY" -geometry {{ tunel.quoted.geometry or "1280x800" }} -depth 24 \
  -desktop "$(hostname)" 4>"$TUNEL_DIR/display" &
server=$!
trap 'kill "$server" 2>/dev/null; wait' EXIT
trap 'exit 143' TERM INT
for _ in $(seq 150); do
  [ ! -s "$TUNEL_DIR/display" ] || break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.2
done
display=$(cat "$TUNEL_DIR/display")
if [ -z "$display" ]; then
  echo "$xvnc did not start on $(hostname); what it said is above." >&2
  exit 1
fi
# Not even with the cookie in hand would anybody else come in.
chmod 700 "/tmp/.X11-unix/X$display"
export DISPLAY=:$display
[ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ] || export LANG=C.UTF-8
unset WAYLAND_DISPLAY SESSION_MANAGER DBUS_SESSION_BUS_ADDRESS
bus=()
command -v dbus-run-session >/dev/null && bus=(dbus-run-session --)
if [ "$session" = none ]; then
  sh -c "$program" &
else
  [ -z "$program" ] || sh -c "$program" &
  "${bus[@]}" "$session" &
fi
# The desktop ends with its session: when you log out of it.
wait $!
