import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../files"))

from app import app
from words import count_words


class Words(unittest.TestCase):
    def test_words_are_counted_without_marks_and_case(self):
        self.assertEqual(count_words("The cat, the hat!"), [("the", 2), ("cat", 1), ("hat", 1)])

    def test_no_text_has_no_words(self):
        self.assertEqual(count_words("  "), [])


class Page(unittest.TestCase):
    def test_the_page_opens(self):
        answer = app.test_client().get("/")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("<h1>@TITLE@</h1>", answer.text)

    def test_a_text_is_counted_and_never_becomes_markup(self):
        answer = app.test_client().post("/", data={"text": "<b> <b> once"})
        self.assertIn("<td>&lt;b&gt;</td><td>2</td>", answer.text)
