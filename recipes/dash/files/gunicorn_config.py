"""What no version of gunicorn minds: names that one does not know are passed over."""

import os

folder = os.environ["TUNEL_DIR"]
# The socket is in a folder of the user's own; a umask of gunicorn's would be that of the app's files too.
bind = "unix:" + os.environ["TUNEL_SOCKET"]
threads = 4
pythonpath = os.path.join(folder, "files")
worker_tmp_dir = folder
# It would be one for all apps of a user, in the home folder (gunicorn 24 and newer).
control_socket_disable = True
