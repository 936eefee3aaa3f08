# shellcheck shell=bash
# JupyterLab 4 and the classic Notebook. JupyterLab is served as built files: what Debian lets it depend on to build them
# anew (600 Node packages, 1 GB, most of the time) is left out.
FROM=trixie
PACKAGES=(
  jupyter-notebook python3-jupyter-server python3-jupyterlab-server python3-notebook-shim python3-async-lru
  python3-ipykernel python3-jupyter-core python3-jupyter-events python3-rpds-py
)
ALONE=(jupyterlab)
