import marimo

app = marimo.App(app_title="Squares")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    most = mo.ui.slider(1, 20, value=8, label="Up to")
    most
    return (most,)


@app.cell
def _(mo, most):
    mo.md("\n".join("- {0} × {0} = **{1}**".format(n, n * n) for n in range(1, most.value + 1)))
    return


if __name__ == "__main__":
    app.run()
