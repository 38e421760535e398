"""News joined with the volume around it (analytics.md, section 6), on one ticker.

The score of a second is the largest volume_zscore computed right after one of its trades was applied, at the engine
time of then. An article takes the largest score of the 121 seconds around its own: those known when it arrives, and
all of them once engine time has passed the last.
"""
from functools import lru_cache

from definitions import SECOND

REACH, KEPT = 60, 1800


@lru_cache(maxsize=1)
def analyzer():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


@lru_cache(maxsize=None)
def compound(text):
    return analyzer().polarity_scores(text)["compound"]


def strength(sentiment, score):
    if score is None or score < 2:
        return "none"
    if abs(sentiment) >= 0.5 and score >= 3:
        return "strong"
    return "moderate" if abs(sentiment) >= 0.2 else "weak"


class Article:
    def __init__(self, event):
        self.event, self.second = event, event.time // SECOND
        self.compound = compound(event.body["headline"])
        self.strength = self.score = None


class News:
    def __init__(self):
        self.scores = {}  # By second: what was computed when its trades were applied.
        self.waiting = []
        self.first = None  # Second of the ticker's first trade.

    def note(self, second, score):
        if self.first is None:
            self.first = second
        if score is not None:
            self.scores[second] = max(score, self.scores.get(second, score))

    def join(self, article):
        found = [self.scores[s] for s in range(article.second - REACH, article.second + REACH + 1) if s in self.scores]
        article.score = max(found, default=None)
        article.strength = strength(article.compound, article.score)

    def has_trades(self, article):
        return self.first is not None and article.second + REACH >= self.first

    def take(self, article, now):
        """A new article; True when it is strongly correlated already."""
        if self.has_trades(article) and (now is None or article.second > now - KEPT):
            self.join(article)
        if now is None or now <= article.second + REACH:
            self.waiting.append(article)
        return article.strength == "strong"

    def turn(self, now):
        """Joins again the articles whose seconds are over; gives those that have become strong."""
        over = [article for article in self.waiting if now > article.second + REACH]
        self.waiting = [article for article in self.waiting if article not in over]
        for article in over:
            was = article.strength
            if self.has_trades(article):
                self.join(article)
            if article.strength == "strong" and was != "strong":
                yield article
