# shellcheck shell=bash
# The classic Notebook 6.4, as bookworm has it.
FROM=bookworm
PACKAGES=(jupyter-notebook)
