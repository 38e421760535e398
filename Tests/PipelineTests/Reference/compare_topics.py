"""Compares derived topics by their messages' ids, repeats taken away. Arguments: the brokers' address, then TOPIC=TOPIC
pairs. Prints a JSON object: for each pair how many messages either has, how many ids, and what differs (at most five)."""

import json
import sys

from confluent_kafka import Consumer

from topics import exists, messages

consumer = Consumer({
    "bootstrap.servers": sys.argv[1], "group.id": "comparison", "enable.auto.commit": False,
    "receive.message.max.bytes": 1_000_000_000, "fetch.message.max.bytes": 100_000_000,
})


def read(topic):
    """The messages' count, their bytes by id, and the ids that came with several."""
    count, known, changed = 0, {}, []
    assert exists(consumer, topic), f"no topic {topic}"
    for message in messages(consumer, topic, wait=30):
        count += 1
        name = dict(message.headers())["id"].decode()
        value = (message.partition(), message.value())
        if known.setdefault(name, value) != value:
            changed.append(name)
    return count, known, changed


report = {}
for pair in sys.argv[2:]:
    left, right = (read(topic) for topic in pair.split("="))
    differing = sorted(name for name in left[1].keys() | right[1].keys() if left[1].get(name) != right[1].get(name))
    report[pair.split("=")[0]] = {
        "messages": left[0], "ids": len(left[1]), "other_messages": right[0], "other_ids": len(right[1]),
        "changed": (left[2] + right[2])[:5], "differing": differing[:5],
    }
print(json.dumps(report))
