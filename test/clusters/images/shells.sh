# shellcheck shell=bash
# The login shells that people have besides bash and dash.
FROM=trixie
PACKAGES=(zsh tcsh fish ksh busybox)
