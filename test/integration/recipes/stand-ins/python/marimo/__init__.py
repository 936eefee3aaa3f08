"""A stand-in for marimo: its command line, its token, and that it is an ASGI app which uvicorn serves."""
