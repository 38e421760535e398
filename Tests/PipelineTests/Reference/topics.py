"""Reads a topic as it stands now, partition by partition, by confluent-kafka."""

from confluent_kafka import TopicPartition


def exists(consumer, topic):
    found = consumer.list_topics(topic, timeout=10).topics.get(topic)
    return bool(found) and not found.error


def messages(consumer, topic, wait):
    """All messages of a topic that exists; `wait` seconds at most for each."""
    for partition in sorted(consumer.list_topics(topic, timeout=10).topics[topic].partitions):
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
        if high == low:
            continue
        consumer.assign([TopicPartition(topic, partition, low)])
        while True:
            message = consumer.poll(wait)
            assert message is not None and not message.error(), (topic, partition, message and message.error())
            yield message
            if message.offset() + 1 >= high:
                break
