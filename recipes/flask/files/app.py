"""Sums up the columns of an uploaded CSV file."""

import csv
import hmac
import io
import os
import statistics

from flask import Flask, abort, render_template, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 50 * 1024 * 1024

with open(os.environ["TUNEL_TOKEN_FILE"], encoding="ascii") as file:
    TOKEN = file.read().strip()


@app.before_request
def only_through_tunel():
    if not hmac.compare_digest(request.headers.get("X-Tunel-Token", ""), TOKEN):
        abort(403)


@app.get("/health")
def health():
    return "ready\n"


@app.get("/")
def page():
    return render_template("page.html")


@app.post("/")
def summary():
    upload = request.files.get("table")
    if upload is None or upload.filename == "":
        return render_template("page.html", problem="Choose a CSV file first."), 400
    try:
        text = upload.read().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
    except (UnicodeDecodeError, csv.Error) as error:
        return render_template("page.html", problem="This is no CSV text: %s." % error), 400
    columns = [sum_up(name, [row[name] for row in rows]) for name in (rows[0] if rows else {})]
    return render_template("page.html", name=upload.filename, count=len(rows), columns=columns)


def sum_up(name, cells):
    filled = [cell for cell in cells if cell]
    try:
        numbers = [float(cell) for cell in filled]
    except ValueError:
        return {"name": name, "filled": len(filled), "kind": "text", "distinct": len(set(filled))}
    if not numbers:
        return {"name": name, "filled": 0, "kind": "empty"}
    return {
        "name": name,
        "filled": len(filled),
        "kind": "number",
        "least": min(numbers),
        "median": statistics.median(numbers),
        "mean": statistics.fmean(numbers),
        "most": max(numbers),
    }
