"""What a broker's derived topics and dead letters hold, read by confluent-kafka.

Arguments: the brokers' address. Prints a JSON object: for each topic how many messages, how many ids, whether a repeated
id ever came with other bytes, and whether a message broke its schema; the newest version of each bar, the figures'
count, the anomalies' ids; and the dead letters with their headers."""

import base64
import json
import pathlib
import sys

from confluent_kafka import Consumer, TopicPartition
from jsonschema import Draft202012Validator, FormatChecker

root = pathlib.Path(__file__).resolve().parents[3] / "docs" / "schemas"
TOPICS = ["aggregations", "bars", "anomalies", "sentiment"]
consumer = Consumer({"bootstrap.servers": sys.argv[1], "group.id": "check", "enable.auto.commit": False})


def messages(topic):
    found = consumer.list_topics(topic, timeout=10).topics.get(topic)
    if not found or found.error:
        return
    for partition in sorted(found.partitions):
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
        if high == low:
            continue
        consumer.assign([TopicPartition(topic, partition, low)])
        while True:
            message = consumer.poll(10)
            assert message is not None and not message.error(), (topic, partition, message and message.error())
            yield message
            if message.offset() + 1 >= high:
                break


report = {}
for name in TOPICS:
    validator = Draft202012Validator(json.loads((root / f"{name}.json").read_text()), format_checker=FormatChecker())
    known, count, changed, broken = {}, 0, 0, []
    for message in messages("market." + name):
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
for message in messages("market.trades.dlq"):
    headers = {key: value.decode() for key, value in message.headers()}
    letters[headers["id"]] = {**headers, "raw": base64.b64encode(message.value() or b"").decode()}
report["letters"] = letters
print(json.dumps(report))
