"""Renders with the real Jinja2: one JSON request a line in, one answer a line out."""
import json
import sys

from jinja2 import DictLoader, Environment, Undefined, __version__

print(json.dumps({"version": __version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    environment = Environment(autoescape=False, undefined=Undefined, loader=DictLoader(request["includes"]))
    try:
        text = environment.from_string(request["template"]).render(request["context"])
        text.encode("utf-8")
        answer = {"text": text}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
