# shellcheck shell=bash
# Python's venv with pip, which Debian keeps apart.
FROM=trixie
PACKAGES=(python3-venv)
