# shellcheck shell=bash
# Python web frameworks and the servers that run them on a Unix socket.
FROM=trixie
PACKAGES=(
  python3-flask python3-fastapi python3-django
  gunicorn uvicorn uwsgi-core uwsgi-plugin-python3
)
