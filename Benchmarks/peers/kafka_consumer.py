"""A Python consumer: confluent-kafka, then orjson and the windows of orjson_loop.py.

Usage: kafka_consumer.py BROKERS COUNT. Prints one JSON line; cpu_seconds is the whole process's, librdkafka's
threads included, from the first message to the last.
"""
import sys
import time

from confluent_kafka import Consumer, TopicPartition
from orjson_loop import report, windows

PARTITIONS = 6
started = {}


def payloads(brokers, count):
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "peer",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "receive.message.max.bytes": 1_000_000_000,
            "fetch.wait.max.ms": 100,
        }
    )
    consumer.assign([TopicPartition("market.trades", partition, 0) for partition in range(PARTITIONS)])
    while count > 0:
        batch = consumer.consume(min(4096, count), 0.1)
        if batch and not started:
            started.update(wall=time.perf_counter(), cpu=time.process_time())
        for message in batch:
            if message.error():
                sys.exit(f"consuming: {message.error()}")
            # What a consumer of this log has to look at before it decodes.
            headers = dict(message.headers())
            if headers["v"] != b"1" or headers["kind"] != b"frame":
                sys.exit(f"a record of another kind: {headers}")
            yield message.value()
        count -= len(batch)
    started["spent"] = time.process_time() - started["cpu"]
    started["seconds"] = time.perf_counter() - started["wall"]
    consumer.close()


events, tickers = windows(payloads(sys.argv[1], int(sys.argv[2])))
report("confluent-kafka", events, tickers, {"seconds": started["seconds"], "cpu_seconds": started["spent"]})
