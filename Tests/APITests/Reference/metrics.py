"""Parses a Prometheus exposition with the reference client and prints it as sorted JSON, checking what every
consumer relies on: one type a name, cumulative buckets, counters that end in _total, no label per ticker."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

samples = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    assert family.documentation, family.name
    assert family.type != "unknown", family.name
    buckets = {}
    for sample in family.samples:
        assert sample.name.startswith("ticktop_"), sample.name
        assert "ticker" not in sample.labels and "symbol" not in sample.labels, sample
        if family.type == "counter":
            assert sample.name.endswith("_total"), sample.name
        key = sample.name + json.dumps(sample.labels, sort_keys=True)
        assert key not in samples, key
        samples[key] = sample.value
        if sample.name.endswith("_bucket"):
            series = buckets.setdefault(sample.labels.get("route"), [])
            assert not series or (float(sample.labels["le"]) > series[-1][0] and sample.value >= series[-1][1])
            series.append((float(sample.labels["le"]), sample.value))
        if sample.name.endswith("_count") and family.type == "histogram":
            assert buckets[sample.labels.get("route")][-1] == (float("inf"), sample.value)
print(json.dumps(samples, sort_keys=True))
