"""Composes headlines with what sets off VADER's rules: capitals, marks, emoji, negation, boosters, idioms.

Usage: headlines.py --count N --seed N --out FILE. One headline a line; the same seed, the same file.
"""
import argparse
import random

COMPANIES = ["Apple", "Nvidia", "NVDA", "Tesla", "Amazon", "Microsoft", "Société Générale", "Zürich Insurance"]
RATED = """beats gains strong growth profit record win great excellent improved boost confident best good success loss
    losses weak fraud probe lawsuit fear worst drop crisis warning disappointing cuts damage failure trouble""".split()
PLAIN = """shares quarter guidance revenue outlook board analysts region Europe Asia cloud hardware margin estimates
    5% $2bn Q3 U.S. report week the a of in on to and after as for""".split()
MODIFIERS = ["very", "extremely", "slightly", "hardly", "really", "kind of", "more", "less", "most", "barely"]
NEGATIONS = ["not", "isn't", "never", "without", "no", "won't", "nor"]
IDIOMS = ["to die for", "kiss of death", "yeah right", "the bomb", "upper hand", "bad ass"]
EMOJI = ["🚀", "📉", "😁", "💘", ":)", ":(", "👍"]


def headline(rng):
    words = [rng.choice(COMPANIES)]
    for _ in range(rng.randint(5, 14)):
        draw = rng.random()
        pool = (PLAIN if draw < 0.5 else RATED if draw < 0.8 else MODIFIERS if draw < 0.88 else NEGATIONS
                if draw < 0.94 else IDIOMS if draw < 0.97 else EMOJI)
        word = rng.choice(pool)
        words.append(word.upper() if rng.random() < 0.08 else word)
        if rng.random() < 0.1:
            words[-1] += rng.choice([",", ":", ";", " but", " -"])
    return " ".join(words) + rng.choice(["", "", "", ".", "!", "!!!", "?", "??"])


parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, required=True)
parser.add_argument("--seed", type=int, required=True)
parser.add_argument("--out", required=True)
options = parser.parse_args()
generator = random.Random(options.seed)
with open(options.out, "w", encoding="utf-8") as file:
    file.writelines(headline(generator) + "\n" for _ in range(options.count))
