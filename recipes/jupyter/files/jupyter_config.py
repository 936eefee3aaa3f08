"""For Jupyter Server (Lab, Notebook 7) and the classic Notebook 6 alike; the classes one does not know are ignored."""

import os

with open(os.environ["TUNEL_TOKEN_FILE"], encoding="ascii") as file:
    token = file.read().strip()

c = get_config()  # noqa: F821  (given by Jupyter)
for server in (c.ServerApp, c.NotebookApp):
    server.sock = os.environ["TUNEL_SOCKET"]
    server.sock_mode = "0600"
    server.open_browser = False
    server.allow_remote_access = False
    server.quit_button = False
c.IdentityProvider.token = token
c.ServerApp.token = token
c.NotebookApp.token = token
