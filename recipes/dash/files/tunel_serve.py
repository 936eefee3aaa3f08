"""What gunicorn serves: the Flask server of the Dash app in the file $TUNEL_APP."""

import importlib
import os
import sys

folder, file = os.path.split(os.environ["TUNEL_APP"])
sys.path.insert(0, folder)
module = importlib.import_module(os.path.splitext(file)[0])
server = getattr(module, "server", None)
if server is None:
    if not hasattr(module, "app"):
        sys.exit("%s has neither a variable app (a Dash app) nor one called server." % os.environ["TUNEL_APP"])
    server = module.app.server
