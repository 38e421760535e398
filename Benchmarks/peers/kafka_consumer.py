"""A Python consumer: confluent-kafka, then orjson and the windows of orjson_loop.py.

Usage: kafka_consumer.py BROKERS COUNT. Prints one JSON line; cpu_seconds is the whole process's, librdkafka's
threads included, from the first message to the last.
"""
import struct
import sys
import time

from confluent_kafka import Consumer, TopicPartition
from orjson_loop import report, windows

PARTITIONS = 6
HEAD = struct.Struct(">BBBxqQq")  # docs/kafka.md: version, kind, source, received, producer, sequence
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
            name, head = message.headers()[0]
            version, kind, *_ = HEAD.unpack(head)
            if name != "record" or version != 2 or kind != 1:
                sys.exit(f"a record of another kind: {name} {head}")
            yield message.value()
        count -= len(batch)
    started["spent"] = time.process_time() - started["cpu"]
    started["seconds"] = time.perf_counter() - started["wall"]
    consumer.close()


events, tickers = windows(payloads(sys.argv[1], int(sys.argv[2])))
report("confluent-kafka", events, tickers, {"seconds": started["seconds"], "cpu_seconds": started["spent"]})
