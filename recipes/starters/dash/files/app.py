from dash import Dash, Input, Output, dcc, html

from wave_model import wave

app = Dash(__name__, title="@TITLE@")
server = app.server
app.layout = html.Main(
    [
        html.H1("@TITLE@"),
        html.Label("Frequency", htmlFor="frequency"),
        dcc.Slider(1, 10, 1, value=3, id="frequency"),
        dcc.Graph(id="graph"),
    ]
)


@app.callback(Output("graph", "figure"), Input("frequency", "value"))
def draw(frequency):
    xs, ys = wave(frequency)
    return {"data": [{"x": xs, "y": ys, "type": "scatter"}], "layout": {"title": f"{frequency} turns"}}


if __name__ == "__main__":
    app.run()
