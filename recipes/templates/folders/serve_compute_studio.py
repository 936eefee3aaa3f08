"""Serves a Compute Studio model on the Unix socket $TUNEL_SOCKET with nothing but Python's own library.

The functions of cs-config give the parameters, of which this makes a form; a run shows what run_model returns.
"""
import base64
import html
import importlib
import json
import os
import socket
import socketserver
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

for folder in (os.getcwd(), os.path.join(os.getcwd(), "cs-config")):
    sys.path.insert(0, folder)

runs = []
STYLE = (
    "body{font:16px system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "fieldset{margin:1rem 0}label{display:block;margin:.6rem 0 .1rem}small{opacity:.75;display:block}"
    "input,select{font:inherit;min-width:16rem}.bad{color:#c62828}iframe{width:100%;height:24rem;border:1px solid #8888}"
    "button{font:inherit;padding:.4rem 1rem}img{max-width:100%}"
)
escape = html.escape


def is_parameter(name, spec):
    return name != "schema" and isinstance(spec, dict) and "value" in spec


def entries(spec):
    """Each value of a parameter with what it is the value for."""
    value = spec["value"]
    if isinstance(value, list) and value and all(isinstance(each, dict) and "value" in each for each in value):
        return [({k: v for k, v in each.items() if k != "value"}, each["value"]) for each in value]
    return [({}, value)]


def as_text(value):
    if isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def convert(text, kind):
    text = text.strip()
    if kind == "bool":
        return text.lower() in ("true", "1", "yes", "on")
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    return text


def read_value(text, spec, before):
    kind = spec.get("type", "str")
    if isinstance(before, (list, tuple)):
        return [convert(each, kind) for each in text.split(",") if each.strip()]
    return convert(text, kind)


def control(name, spec, value):
    kind = spec.get("type", "str")
    checks = spec.get("validators") or {}
    choices = (checks.get("choice") or {}).get("choices")
    if kind == "bool" and not isinstance(value, (list, tuple)):
        choices = [True, False]
    shown = as_text(value)
    if choices and not isinstance(value, (list, tuple)):
        options = "".join(
            "<option%s>%s</option>" % (" selected" if str(each) == shown else "", escape(str(each))) for each in choices
        )
        return '<select name="%s" id="%s">%s</select>' % (escape(name), escape(name), options)
    limits = checks.get("range") or {}
    hint = " to ".join(str(limits[side]) for side in ("min", "max") if side in limits)
    return '<input name="%s" id="%s" value="%s" title="%s">' % (escape(name), escape(name), escape(shown), escape(hint))


def field(prefix, name, spec):
    parts = []
    for at, (labels, value) in enumerate(entries(spec)):
        key = "%s|%s|%d" % (prefix, name, at)
        of = ", ".join("%s %s" % pair for pair in labels.items())
        title = spec.get("title") or name
        parts.append('<label for="%s">%s</label>' % (escape(key), escape("%s (%s)" % (title, of) if of else title)))
        parts.append(control(key, spec, value))
    about = spec.get("description") or ""
    return "".join(parts) + ("<small>%s</small>" % escape(about) if about else "")


def section(prefix, title, parameters):
    fields = [field(prefix, name, spec) for name, spec in parameters.items() if is_parameter(name, spec)]
    return "<fieldset><legend>%s</legend>%s</fieldset>" % (escape(title), "".join(fields)) if fields else ""


def load():
    return importlib.import_module("cs_config.functions")


def meta_of(form, inputs):
    """What the meta parameters are set to: these decide what the defaults of the model are."""
    found = {}
    for name, spec in (inputs.get("meta_parameters") or {}).items():
        if not is_parameter(name, spec):
            continue
        before = entries(spec)[0][1]
        text = form.get("meta|%s|0" % name)
        found[name] = before if text is None else read_value(text[0], spec, before)
    return found


def changes(form, inputs):
    """Only what differs from the defaults, as the model wants it."""
    found = {}
    for part, parameters in (inputs.get("model_parameters") or {}).items():
        own = found.setdefault(part, {})
        for name, spec in parameters.items():
            if not is_parameter(name, spec):
                continue
            for at, (labels, before) in enumerate(entries(spec)):
                text = form.get("%s|%s|%d" % (part, name, at))
                if text is None or text[0].strip() == as_text(before):
                    continue
                own.setdefault(name, []).append(dict(labels, value=read_value(text[0], spec, before)))
    return found


def page(title, body, refresh=False):
    head = '<meta http-equiv="refresh" content="2">' if refresh else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">%s<title>%s</title><style>%s</style><h1>%s</h1>%s'
        % (head, escape(title), STYLE, escape(title), body)
    )


def form_page(form, errors=()):
    functions = load()
    inputs = functions.get_inputs({})
    meta = meta_of(form, inputs)
    if meta:
        inputs = functions.get_inputs(meta)
    version = getattr(functions, "get_version", lambda: "")()
    shown = {name: dict(spec, value=meta.get(name, spec.get("value"))) if is_parameter(name, spec) else spec
             for name, spec in (inputs.get("meta_parameters") or {}).items()}
    first = section("meta", "Model", shown)
    body = ["<p>Version %s</p>" % escape(str(version)) if version else ""]
    body += ['<p class="bad" role="alert">%s</p>' % escape(text) for text in errors]
    if first:
        body.append('<form method="get">%s<button>Update defaults</button></form>' % first)
    hidden = "".join(
        '<input type="hidden" name="meta|%s|0" value="%s">' % (escape(name), escape(as_text(value)))
        for name, value in meta.items()
    )
    parts = [section(part, part, parameters) for part, parameters in (inputs.get("model_parameters") or {}).items()]
    body.append('<form method="post" action="run">%s%s<button>Run</button></form>' % (hidden, "".join(parts)))
    if runs:
        items = ['<li><a href="runs/%d">Run %d</a>: %s</li>' % (at, at + 1, run["state"]) for at, run in enumerate(runs)]
        body.append("<h2>Runs</h2><ul>%s</ul>" % "".join(items))
    return page("Model", "".join(body))


def check(functions, meta, adjustment):
    """Sentences on what the model does not take."""
    empty = {part: {"errors": {}, "warnings": {}} for part in adjustment}
    if not hasattr(functions, "validate_inputs"):
        return []
    answer = functions.validate_inputs(meta, adjustment, empty)
    found = answer.get("errors_warnings", answer) if isinstance(answer, dict) else {}
    return [
        "%s: %s" % (name, each)
        for part in found.values()
        for name, texts in (part.get("errors") or {}).items()
        for each in (texts if isinstance(texts, (list, tuple)) else [texts])
    ]


def work(run, functions, meta, adjustment):
    try:
        run["outputs"] = functions.run_model(meta, adjustment)
        run["state"] = "done"
    except Exception:
        traceback.print_exc()
        run["problem"] = traceback.format_exc()
        run["state"] = "failed"


def submit(form):
    """The number of the new run, or what is wrong with the values."""
    functions = load()
    inputs = functions.get_inputs({})
    try:
        meta = meta_of(form, inputs)
        adjustment = changes(form, functions.get_inputs(meta) if meta else inputs)
    except ValueError as error:
        return None, [str(error)]
    errors = check(functions, meta, adjustment)
    if errors:
        return None, errors
    run = {"state": "running", "adjustment": adjustment, "outputs": {}, "problem": ""}
    runs.append(run)
    threading.Thread(target=work, args=(run, functions, meta, adjustment), daemon=True).start()
    return len(runs) - 1, []


def as_bytes(data):
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    return data.encode() if isinstance(data, str) else json.dumps(data, default=str).encode()


def frame(body):
    """Pages of the model's own making, away from this one."""
    return '<iframe sandbox="allow-scripts" srcdoc="%s"></iframe>' % escape(body)


def shown(output):
    kind = str(output.get("media_type", "")).lower()
    data = output.get("data")
    if kind in ("png", "jpeg"):
        try:
            picture = base64.b64encode(data).decode() if isinstance(data, (bytes, bytearray)) else str(data)
        except TypeError:
            picture = ""
        return '<img alt="%s" src="data:image/%s;base64,%s">' % (escape(str(output.get("title", ""))), kind, picture)
    if kind == "table":
        return frame(str(data))
    if kind == "bokeh" and isinstance(data, dict) and "html" in data:
        script = data.get("javascript") or data.get("js") or ""
        inline = script if script.lstrip().startswith("<") else "<script>%s</script>" % script
        return frame(str(data["html"]) + inline)
    text = as_bytes(data).decode("utf-8", "replace")
    return "<pre>%s</pre>" % escape(text[:20000])


def run_page(at):
    run = runs[at]
    title = "Run %d: %s" % (at + 1, run["state"])
    body = ['<p><a href="../">Back to the parameters</a></p>']
    changed = json.dumps(run["adjustment"], default=str, indent=1)
    body.append("<details><summary>What was changed</summary><pre>%s</pre></details>" % escape(changed))
    if run["state"] == "failed":
        body.append('<pre class="bad">%s</pre>' % escape(run["problem"]))
    outputs = run["outputs"] if isinstance(run["outputs"], dict) else {}
    for output in outputs.get("renderable") or []:
        body.append("<h2>%s</h2>%s" % (escape(str(output.get("title", ""))), shown(output)))
    links = [
        '<li><a href="%d/files/%d">%s</a></li>' % (at, number, escape(file_name(output)))
        for number, output in enumerate(outputs.get("downloadable") or [])
    ]
    if links:
        body.append("<h2>Files</h2><ul>%s</ul>" % "".join(links))
    return page(title, "".join(body), run["state"] == "running")


def file_name(output):
    title = "".join(c if c.isalnum() or c in "-_. " else "_" for c in str(output.get("title", "output")))
    kind = str(output.get("media_type", "")).lower()
    return title if not kind or title.lower().endswith("." + kind) else "%s.%s" % (title, kind)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        words = [word for word in parts.path.split("/") if word]
        try:
            if not words:
                self.answer(form_page(parse_qs(parts.query, keep_blank_values=True)))
            elif words[0] == "runs" and len(words) == 2:
                self.answer(run_page(int(words[1])))
            elif words[0] == "runs" and len(words) == 4 and words[2] == "files":
                output = runs[int(words[1])]["outputs"]["downloadable"][int(words[3])]
                named = 'attachment; filename="%s"' % file_name(output)
                self.answer(as_bytes(output.get("data")), "application/octet-stream", {"Content-Disposition": named})
            else:
                self.send_error(404)
        except (ValueError, IndexError, KeyError):
            self.send_error(404)

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        at, errors = submit(form)
        if errors:
            self.answer(form_page(form, errors), status=422)
            return
        self.send_response(303)
        self.send_header("Location", "runs/%d" % at)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, body, kind="text/html; charset=utf-8", headers=(), status=200):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        for name, value in dict(headers, **{"Content-Type": kind, "Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def address_string(self):
        return "-"


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    address_family = socket.AF_UNIX
    daemon_threads = True
    request_queue_size = 128

    def get_request(self):
        connection, _ = super().get_request()
        return connection, ("127.0.0.1", 0)


if __name__ == "__main__":
    os.umask(0o077)
    path = os.environ["TUNEL_SOCKET"]
    # What is wrong with the model is said at the start, not at the first page.
    load().get_inputs({})
    if os.path.exists(path):
        os.unlink(path)
    with Server(path, Handler) as server:
        server.serve_forever()
