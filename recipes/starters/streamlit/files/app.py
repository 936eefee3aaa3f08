import streamlit as st

from wave_model import wave

st.set_page_config(page_title="@TITLE@")
st.title("@TITLE@")
frequency = st.slider("Frequency", 1, 10, 3)
xs, ys = wave(frequency)
st.line_chart({"x": xs, "y": ys}, x="x", y="y")
