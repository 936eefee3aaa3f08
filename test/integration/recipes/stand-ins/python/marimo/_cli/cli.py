"""The options and the signing in of marimo's edit and run, in front of a page that says what was asked."""

import argparse
import base64
import hmac

import uvicorn
from stand_in import page


def main(args, prog_name):
    parser = argparse.ArgumentParser(prog=prog_name)
    parser.add_argument("mode", choices=["edit", "run"])
    parser.add_argument("name")
    parser.add_argument("--headless", action="store_true", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token-password-file", required=True)
    options = parser.parse_args(args)
    with open(options.token_password_file, encoding="ascii") as file:
        token = file.read().strip()
    expected = b"Basic " + base64.b64encode(b"tunel:" + token.encode())

    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        given = dict(scope["headers"]).get(b"authorization", b"")
        if scope["path"] == "/health":
            status, text = 200, '{"status":"healthy"}'
        elif hmac.compare_digest(given, expected):
            status, text = 200, page("marimo", "Mode: %s" % options.mode, "Notebook: %s" % options.name)
        else:
            status, text = 401, '{"detail":"Authorization header required"}'
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/html; charset=utf-8")]})
        await send({"type": "http.response.body", "body": text.encode()})

    server = uvicorn.Server(uvicorn.Config(app, port=2718, host=options.host, lifespan="off"))
    server.run()
