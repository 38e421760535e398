"""What a broker's derived topics and dead letters hold, read by confluent-kafka.

Arguments: the brokers' address. Prints a JSON object: for each topic how many messages, how many ids, whether a repeated
id ever came with other bytes, and whether a message broke its schema; the newest version of each bar, the figures'
count, the anomalies' ids; and the dead letters with their headers."""

import base64
import json
import pathlib
import sys

from confluent_kafka import Consumer
from jsonschema import Draft202012Validator, FormatChecker

from topics import exists, messages

root = pathlib.Path(__file__).resolve().parents[3] / "docs" / "schemas"
TOPICS = ["aggregations", "bars", "anomalies", "sentiment"]
consumer = Consumer({"bootstrap.servers": sys.argv[1], "group.id": "check", "enable.auto.commit": False})


def told(topic):
    return messages(consumer, topic, wait=10) if exists(consumer, topic) else ()


report = {}
for name in TOPICS:
    validator = Draft202012Validator(json.loads((root / f"{name}.json").read_text()), format_checker=FormatChecker())
    known, count, changed, broken = {}, 0, 0, []
    for message in told("market." + name):
        count += 1
        value = json.loads(message.value())
        assert value["ticker"].encode() == message.key() and dict(message.headers())["id"].decode() == value["id"]
        if value["id"] not in known:
            broken += [error.message for error in validator.iter_errors(value)][:3]
        changed += known.setdefault(value["id"], message.value()) != message.value()
    values = [json.loads(text) for text in known.values()]
    report[name] = {"messages": count, "ids": len(known), "changed": changed, "broken": broken[:5]}
    if name == "bars":
        report[name]["final"] = sorted(
            f"{v['ticker']} {v['interval']} {v['start']} r{v['revision']} {v['volume']} {v['trade_count']}"
            for v in values if v["final"] and not v["reference"])
    if name == "anomalies":
        report[name]["anomalies"] = sorted({v["anomaly_id"] for v in values})
    if name == "aggregations":
        report[name]["figures"] = sum(v["type"] == "aggregation" for v in values)
letters = {}
for message in told("market.trades.dlq"):
    headers = {key: value.decode() for key, value in message.headers()}
    letters[headers["id"]] = {**headers, "raw": base64.b64encode(message.value() or b"").decode()}
report["letters"] = letters
print(json.dumps(report))
