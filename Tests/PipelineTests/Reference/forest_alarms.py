"""What scikit-learn's IsolationForest makes of one ticker's trades under ticktop's rules, for comparison.

Usage: forest_alarms.py SCORE_MAX HIT_DEVIATIONS SET_ASIDE_SECONDS < lines. A line is `burst,start,end` or `trade,time,six
numbers` (nanoseconds, in order of time). Trained on 1000 vectors at equal steps of count from the last ten minutes (or
the last 1000), after 1000 vectors, then every 500, at most once per 5 s. What counts as flagged, as a hit and as an
episode, and which vectors teach, is written in docs/architecture.md; here it is written again, on scores. Prints JSON.
"""
import bisect
import json
import sys

import numpy as np
from sklearn.ensemble import IsolationForest

WINDOW, BETWEEN, MINUTE, QUARTER = 600e9, 5e9, 60e9, 900e9
ROWS, EVERY, AHEAD = 1000, 500, 2000
CONTAMINATION, PACE, BELOW, ABOVE = 0.01, 1.2e-3, 0.33, 0.075  # The last three in halvings of the score.
SIZE = 1  # The feature that says nothing of how far a trade is from the usual.


def read():
    bursts, times, rows = [], [], []
    for line in sys.stdin:
        kind, *numbers = line.split(",")
        if kind == "burst":
            bursts.append((int(numbers[0]), int(numbers[1])))
        else:
            times.append(int(numbers[0]))
            rows.append([float(number) for number in numbers[1:]])
    # Engine time never falls.
    return bursts, np.maximum.accumulate(np.array(times)), np.array(rows)


class Forest:
    def __init__(self, rows, seed):
        self.mean, deviation = rows.mean(axis=0), rows.std(axis=0)
        varies = rows.min(axis=0) < rows.max(axis=0)
        self.scale = np.where(varies, 1 / np.where(varies, deviation, 1), 0)
        self.forest = IsolationForest(n_estimators=100, max_samples=256, random_state=seed)
        self.forest.fit(self.standard(rows))
        scores = self.scores(rows)
        self.percentile, self.least = np.percentile(scores, 100 * CONTAMINATION), scores.min()

    def standard(self, rows):
        return (rows - self.mean) * self.scale

    def scores(self, rows):
        return self.forest.score_samples(self.standard(rows))

    def farthest(self, rows):
        return np.delete(np.abs(self.standard(rows)), SIZE, axis=1).max(axis=1)


class Rule:
    """Trade by trade: flagged, hit, and whether it teaches."""

    def __init__(self, score_max, deviations, aside):
        self.score_max, self.deviations, self.aside = score_max, deviations, aside
        self.margin, self.recent = 0.0, []
        self.hits, self.episode_first, self.last_hit = [], -1e30, -1e30
        self.judged = self.flagged = 0

    def begin(self, forest):
        self.least = forest.least
        self.percentile = np.log2(-forest.percentile)
        self.limit()

    def limit(self):
        """Of the margin, and so of the level, in halvings of the score; above 0 is nearer to the ordinary."""
        top = min(ABOVE, self.percentile - np.log2(-self.score_max))
        self.margin = max(-BELOW, min(top, self.margin))
        self.level = -(2 ** (self.percentile - self.margin))

    def judge(self, at, score, farthest):
        self.judged += 1
        is_flagged = score < self.level
        self.flagged += is_flagged
        is_far = is_flagged and farthest >= self.deviations
        self.recent = self.recent[-9:] + [is_far]
        if is_far and (score < self.least or sum(self.recent) >= 3):
            if at - self.last_hit > MINUTE:
                self.episode_first = at
            self.last_hit = at
            self.hits.append(at)
        if at - self.last_hit <= MINUTE and at - self.episode_first < self.aside:
            return False
        self.margin += PACE * (CONTAMINATION - is_flagged)
        self.limit()
        return True


def episodes(hits):
    count, first, last = 0, -1e30, -1e30
    for at in hits:
        if at - last > MINUTE or at - first >= QUARTER:
            count, first = count + 1, at
        last = at
    return count


def run(rule, times, rows):
    learned = list(range(ROWS))  # Numbers of the trades that taught.
    learned_times = [times[number] for number in learned]
    now, seed = ROWS, 0
    while now < len(times):
        first = max(0, min(bisect.bisect_right(learned_times, times[now - 1] - WINDOW), len(learned) - ROWS))
        count = len(learned) - first
        forest = Forest(rows[np.array(learned[first:])[np.arange(ROWS) * count // ROWS]], seed)
        rule.begin(forest)
        seed, trained, since, start = seed + 1, times[now - 1], 0, now
        scores = farthest = ()
        while now < len(times):
            if now - start == len(scores):
                start, part = now, rows[now : now + AHEAD]
                scores, farthest = forest.scores(part), forest.farthest(part)
            at = times[now]
            teaches = rule.judge(at, scores[now - start], farthest[now - start])
            if teaches:
                learned.append(now)
                learned_times.append(at)
                since += 1
            now += 1
            if teaches and since >= EVERY and at - trained >= BETWEEN:
                break


def main():
    score_max, deviations, aside = map(float, sys.argv[1:4])
    bursts, times, rows = read()
    rule = Rule(score_max, deviations, aside * 1e9)
    run(rule, times, rows)
    found = [next((at for at in rule.hits if start <= at <= end), None) for start, end in bursts]
    delays = sorted((at - burst[0]) / 1e9 for at, burst in zip(found, bursts) if at is not None)
    print(json.dumps({
        "judged": rule.judged, "flagged": int(rule.flagged), "hours": (times[-1] - times[0]) / 3600e9,
        "episodes": episodes(rule.hits), "found": len(delays), "bursts": len(bursts),
        "delay": delays[len(delays) // 2] if delays else None,
    }))  # fmt: skip


main()
