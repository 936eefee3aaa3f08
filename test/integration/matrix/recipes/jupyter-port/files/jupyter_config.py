import os

with open(os.environ["TUNEL_TOKEN_FILE"], encoding="ascii") as file:
    token = file.read().strip()

c = get_config()  # noqa: F821
for server in (c.ServerApp, c.NotebookApp):
    server.ip = "0.0.0.0"
    server.port = int(os.environ["TUNEL_PORT"])
    server.port_retries = 0
    server.open_browser = False
c.IdentityProvider.token = token
c.ServerApp.token = token
c.NotebookApp.token = token
