"""What no version of gunicorn minds: names that one does not know are passed over."""

import os

folder = os.environ["TUNEL_DIR"]
bind = "unix:" + os.environ["TUNEL_SOCKET"]
# Of the socket and of gunicorn's own files; the app's keep the user's.
umask = 0o177
worker_tmp_dir = folder
# It would be one for all apps of a user, in the home folder (gunicorn 25.1 and newer).
control_socket_disable = True
