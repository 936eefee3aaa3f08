"""A curve and a slider that bends it."""

import math

from dash import Dash, Input, Output, dcc, html

app = Dash(__name__, title="A curve")
app.layout = html.Main(
    [
        html.H1("A curve"),
        dcc.Slider(1, 10, 1, value=3, id="waves"),
        dcc.Graph(id="curve"),
    ]
)


@app.callback(Output("curve", "figure"), Input("waves", "value"))
def draw(waves):
    xs = [number / 100 for number in range(629)]
    return {
        "data": [{"x": xs, "y": [math.sin(waves * x) for x in xs], "type": "scatter"}],
        "layout": {"title": {"text": "sin(%d x)" % waves}},
    }
