"""Checks an OpenAPI document with the reference validator, and real answers against what it promises.

Input: {"document": ..., "answers": [{"method", "path", "status", "type", "body"}]}. Prints the operations that have a
JSON answer with 200 and were asked, sorted."""

import json
import re
import sys
from decimal import Decimal

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

given = json.load(sys.stdin)
document = given["document"]
validate(document)

asked = set()
for answer in given["answers"]:
    path = answer["path"].split("?")[0]
    for pattern, item in document["paths"].items():
        if re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", pattern), path) and answer["method"].lower() in item:
            operation = item[answer["method"].lower()]
            break
    else:
        raise AssertionError(f"{answer['method']} {path} is not in the document")
    promised = operation["responses"].get(str(answer["status"]))
    assert promised, f"{path} answered {answer['status']}, which is not promised"
    while "$ref" in promised:
        promised = document["components"]["responses"][promised["$ref"].split("/")[-1]]
    kind = answer["type"].split(";")[0]
    assert kind in promised["content"], f"{path} answered {kind}"
    if "json" in kind:
        schema = {**promised["content"][kind]["schema"], "components": document["components"]}
        body = json.loads(answer["body"], parse_float=Decimal)
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]
        assert not errors, (path, errors)
    if answer["status"] == 200:
        asked.add(operation["operationId"])
print(json.dumps(sorted(asked)))
