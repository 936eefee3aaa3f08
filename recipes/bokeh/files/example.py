"""A plot that follows a slider."""

import math

from bokeh.io import curdoc
from bokeh.layouts import column
from bokeh.models import ColumnDataSource, Slider
from bokeh.plotting import figure

xs = [number / 50 for number in range(315)]
source = ColumnDataSource({"x": xs, "y": [math.sin(x) for x in xs]})
plot = figure(title="sin(x)", height=360, sizing_mode="stretch_width")
plot.line("x", "y", source=source, line_width=2)
waves = Slider(title="Waves", value=1, start=1, end=10, step=1)


def follow(_attribute, _old, new):
    source.data = {"x": xs, "y": [math.sin(new * x) for x in xs]}
    plot.title.text = "sin(%d x)" % new


waves.on_change("value", follow)
curdoc().add_root(column(waves, plot, sizing_mode="stretch_width"))
curdoc().title = "A wave"
