"""Checks messages of derived topics against docs/schemas. Input: one JSON object a line, {"topic": ..., "value": text}.
Prints how many there were of each topic."""

import collections
import json
import pathlib
import sys

from jsonschema import Draft202012Validator, FormatChecker

root = pathlib.Path(__file__).resolve().parents[3] / "docs" / "schemas"
validators = {}
for file in root.glob("*.json"):
    schema = json.loads(file.read_text())
    Draft202012Validator.check_schema(schema)
    validators[file.stem] = Draft202012Validator(schema, format_checker=FormatChecker())
counts = collections.Counter()
for line in sys.stdin:
    message = json.loads(line)
    errors = [
        f"{error.json_path}: {error.message}"
        for error in validators[message["topic"]].iter_errors(json.loads(message["value"]))
    ]
    assert not errors, (message["value"], errors)
    counts[message["topic"]] += 1
print(json.dumps(counts))
