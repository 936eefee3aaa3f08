"""What the node is doing, once and as a stream. Also a pattern: it answers only what comes through Tunel."""

import asyncio
import hmac
import os

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, StreamingResponse

with open(os.environ["TUNEL_TOKEN_FILE"], encoding="ascii") as file:
    TOKEN = file.read().strip()

app = FastAPI(title="Load")


@app.middleware("http")
async def only_through_tunel(request: Request, call_next):
    if not hmac.compare_digest(request.headers.get("x-tunel-token", ""), TOKEN):
        return PlainTextResponse("This app answers only through Tunel.\n", status_code=403)
    return await call_next(request)


def now():
    return "%.2f %.2f %.2f" % os.getloadavg()


@app.get("/", response_class=HTMLResponse)
def page():
    return """<!doctype html><html lang="en"><meta charset="utf-8"><title>Load</title>
<style>:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; margin: 32px; }</style>
<h1>Load of %s</h1><p id="load">%s</p><p><a href="docs">The calls of this app</a></p>
<script>new EventSource('stream').onmessage = ({ data }) => { document.querySelector('#load').textContent = data; };</script>
""" % (os.environ.get("TUNEL_NODE", "this computer"), now())


@app.get("/api/load")
def load():
    return {"load": now(), "cpus": os.cpu_count()}


@app.get("/stream")
async def stream(request: Request):
    async def lines():
        while not await request.is_disconnected():
            yield "data: %s\n\n" % now()
            await asyncio.sleep(1)

    return StreamingResponse(lines(), media_type="text/event-stream")
