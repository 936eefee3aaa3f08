# shellcheck shell=bash
# A desktop without a screen: TigerVNC, a small window manager, a terminal and a clipboard to show in it.
FROM=trixie
PACKAGES=(tigervnc-standalone-server tigervnc-tools openbox xterm xclip)
