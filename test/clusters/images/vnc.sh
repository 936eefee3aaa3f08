# shellcheck shell=bash
# A desktop in a browser: TigerVNC, noVNC and websockify, with a small window manager and a terminal to show.
FROM=trixie
PACKAGES=(
  tigervnc-standalone-server tigervnc-tools novnc websockify
  openbox xterm dbus-x11 xvfb
)
