import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

with open(os.environ["TUNEL_TOKEN_FILE"]) as file:
    token = file.read().strip()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("X-Tunel-Token") == token
        body = b"Hello on a port" if known else b"no"
        self.send_response(200 if known else 403)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("0.0.0.0", int(os.environ["TUNEL_PORT"])), Handler).serve_forever()
