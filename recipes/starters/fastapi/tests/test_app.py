import asyncio
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../files"))

from main import app
from words import count_words


def ask(method, path, body=b""):
    """One request of the app by ASGI itself: (status, body)."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
             "raw_path": path.encode(), "query_string": b"", "headers": headers, "scheme": "http",
             "server": ("localhost", 80), "client": ("127.0.0.1", 1), "root_path": ""}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


class Words(unittest.TestCase):
    def test_words_are_counted_without_marks_and_case(self):
        self.assertEqual(count_words("The cat, the hat!"), [("the", 2), ("cat", 1), ("hat", 1)])

    def test_no_text_has_no_words(self):
        self.assertEqual(count_words("  "), [])


class Api(unittest.TestCase):
    def test_the_page_opens(self):
        status, text = ask("GET", "/")
        self.assertEqual(status, 200)
        self.assertIn("<h1>@TITLE@</h1>", text)

    def test_a_text_is_counted(self):
        status, text = ask("POST", "/count", b'{"text": "a b a"}')
        self.assertEqual((status, json.loads(text)[0]), (200, {"word": "a", "times": 2}))

    def test_what_is_no_text_is_refused(self):
        self.assertEqual(ask("POST", "/count", b"{}")[0], 422)
