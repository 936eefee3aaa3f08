"""Makes the gateway's calls that come as lines of JSON, and answers each with a line."""

import json
import sys

import tunel_client
from tunel_client.hpc_gateway import HpcGateway

with tunel_client.connect() as tunel:
    app = HpcGateway(tunel, sys.argv[1])
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        if name == "download_file":
            jobid, filename, target = arguments
            result = app.download_file(jobid, filename=filename).save(target)
        elif name == "create_job":
            result = app.create_job(new_transformation=arguments[0])
        else:
            result = getattr(app, name)(*arguments)
        print(json.dumps(result), flush=True)
