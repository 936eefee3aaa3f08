import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../files"))

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

import django
from django.test import Client

django.setup()

from mysite.words import count_words


class Words(unittest.TestCase):
    def test_words_are_counted_without_marks_and_case(self):
        self.assertEqual(count_words("The cat, the hat!"), [("the", 2), ("cat", 1), ("hat", 1)])

    def test_no_text_has_no_words(self):
        self.assertEqual(count_words("  "), [])


class Page(unittest.TestCase):
    def test_the_page_opens(self):
        answer = Client().get("/")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("<h1>@TITLE@</h1>", answer.content.decode())

    def test_a_text_is_counted_and_never_becomes_markup(self):
        answer = Client().post("/", {"text": "<b> <b> once"})
        self.assertIn("<td>&lt;b&gt;</td><td>2</td>", answer.content.decode())

    def test_a_form_of_another_page_is_refused(self):
        self.assertEqual(Client(enforce_csrf_checks=True).post("/", {"text": "x"}).status_code, 403)
