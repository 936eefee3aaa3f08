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

# Kernels talk over sockets in a folder of this app's own, not over ports that everyone on the node can reach.
runtime = os.path.join(os.environ["TUNEL_DIR"], "r")
longest = os.path.join(runtime, "kernel-00000000-0000-0000-0000-000000000000-ipc-5")
if len(os.fsencode(longest)) < 104:  # sun_path, on macOS too
    os.environ["JUPYTER_RUNTIME_DIR"] = runtime
    os.makedirs(runtime, mode=0o700, exist_ok=True)
    c.KernelManager.transport = "ipc"

c.IdentityProvider.token = token
c.ServerApp.token = token
c.NotebookApp.token = token
