from flask import Flask, render_template, request

from words import count_words

app = Flask(__name__)


@app.route("/", methods=["GET", "POST"])
def page():
    text = request.form.get("text", "")
    return render_template("page.html", text=text, rows=count_words(text))
