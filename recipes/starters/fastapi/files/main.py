from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from words import count_words

app = FastAPI(title="@TITLE@")
page = (Path(__file__).parent / "page.html").read_text()


class Text(BaseModel):
    text: str


@app.get("/", response_class=HTMLResponse)
def index():
    return page


@app.get("/health")
def health():
    return {"ok": True}


@app.post("/count")
def count(given: Text):
    return [{"word": word, "times": times} for word, times in count_words(given.text)]
