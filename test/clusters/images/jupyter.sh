# shellcheck shell=bash
# JupyterLab 4 and the classic Notebook.
FROM=trixie
PACKAGES=(jupyterlab jupyter-notebook)
