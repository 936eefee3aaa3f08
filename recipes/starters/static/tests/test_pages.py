import os
import unittest
from html.parser import HTMLParser

FILES = os.path.join(os.path.dirname(__file__), "../files")


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


class Pages(unittest.TestCase):
    def test_what_the_pages_name_is_there(self):
        pages = [name for name in os.listdir(FILES) if name.endswith(".html")]
        self.assertIn("index.html", pages)
        for page in pages:
            with open(os.path.join(FILES, page), encoding="utf-8") as file:
                for link in Links(file.read()).found:
                    if "//" in link or link.startswith("#"):
                        continue
                    self.assertFalse(link.startswith("/"), f"{page}: {link} would not work below a prefix")
                    self.assertTrue(os.path.exists(os.path.join(FILES, link)), f"{page} names {link}")
