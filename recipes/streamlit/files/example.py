"""A slider and what follows from it."""

import os

import streamlit

streamlit.title("Squares")
most = streamlit.slider("Up to", 1, 20, 8)
streamlit.markdown("\n".join("- %d × %d = **%d**" % (n, n, n * n) for n in range(1, most + 1)))
streamlit.caption("On %s" % os.environ.get("TUNEL_NODE", "this computer"))
