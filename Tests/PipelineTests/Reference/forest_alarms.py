"""What scikit-learn's IsolationForest makes of one ticker's trades under ticktop's rules, for comparison.

Usage: forest_alarms.py SCORE_MAX HIT_SCORE_MAX ALONE_SCORE_MAX < lines. A line is `burst,start,end` or `trade,time,six
numbers` (nanoseconds, in order of time). Trained on 1000 vectors at equal steps of count from the last ten minutes (or
the last 1000), after 1000 vectors, then every 500, at most once per 5 s; everything else as analytics.md section 5 and
docs/architecture.md say. Prints one line.
"""
import bisect
import sys

import numpy as np
from sklearn.ensemble import IsolationForest

WINDOW, BETWEEN, MINUTE, QUARTER = 600e9, 5e9, 60e9, 900e9


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


def training_rows(times, rows, now):
    """Of the trades up to and including number `now`."""
    first = min(bisect.bisect_right(times, times[now] - WINDOW), now + 1 - 1000)
    count = now + 1 - first
    return rows[first + np.arange(1000) * count // 1000]


def trained(rows, seed):
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    varies = rows.min(axis=0) < rows.max(axis=0)
    scale = np.where(varies, 1 / np.where(varies, deviation, 1), 0)
    forest = IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit((rows - mean) * scale)
    scores = forest.score_samples((rows - mean) * scale)
    return forest, mean, scale, np.percentile(scores, 1), scores.min()


def episodes(hits):
    count, first, last = 0, -1e30, -1e30
    for at in hits:
        if at - last > MINUTE or at - first >= QUARTER:
            count, first = count + 1, at
        last = at
    return count


def main():
    score_max, hit_max, alone_max = map(float, sys.argv[1:4])
    bursts, times, rows = read()
    judged, flagged, hits, recent = 0, 0, [], []
    now, seed = 999, 0
    while now < len(times) - 1:
        forest, mean, scale, percentile, least = trained(training_rows(times, rows, now), seed)
        seed += 1
        following = max(now + 500, bisect.bisect_left(times, times[now] + BETWEEN))
        following = min(following, len(times) - 1)
        part = slice(now + 1, following + 1)
        limit = min(percentile, score_max)
        for at, score in zip(times[part], forest.score_samples((rows[part] - mean) * scale)):
            judged += 1
            flagged += score < limit
            far = score < min(limit, hit_max)
            recent = recent[-9:] + [far]
            if far and (sum(recent) >= 3 or score < min(least, limit, alone_max)):
                hits.append(at)
        now = following
    hours = (times[-1] - times[0]) / 3600e9
    found = [next((at for at in hits if start <= at <= end), None) for start, end in bursts]
    delays = sorted((at - burst[0]) / 1e9 for at, burst in zip(found, bursts) if at is not None)
    print(
        f"scikit-learn flags {100 * flagged / max(1, judged):.2f} % of {judged} trades in {hours:.2f} h, "
        f"{episodes(hits) / hours:.1f} episodes an hour; finds {len(delays)} of {len(bursts)} bursts"
        + (f", delay median {delays[len(delays) // 2]:.1f} s" if delays else "")
    )


main()
