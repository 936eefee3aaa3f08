"""What the app is about, apart from the web, so that it can be tested by itself."""
from collections import Counter


def count_words(text, most=10):
    """The most frequent words and how often they are there, in order."""
    words = (word.strip(".,;:!?()\"'").lower() for word in text.split())
    return Counter(word for word in words if word).most_common(most)
