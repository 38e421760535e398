"""A client made from nothing but the OpenAPI document of the server at argv[1], with the token argv[2]: it finds out from the
document what there is, and asks every operation in every way the document allows.

Values for path parameters come from the document's links, so from earlier answers. Each query parameter is sent at its
default, its edges and each of its names; each refusal the document promises for a value outside is provoked. Answers are
checked against their schemas. Prints the operations that answered as promised, sorted."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal

from jsonschema import Draft202012Validator, FormatChecker
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

base, token = sys.argv[1:3]


class Client:
    def __init__(self):
        _, _, body = self.send("GET", "/openapi.json")
        self.document = json.loads(body)
        self.known, self.done = {}, set()

    def send(self, method, path, body=None, secret=None):
        headers = {"Authorization": "Bearer " + secret} if secret else {}
        data = json.dumps(body).encode() if body is not None else None
        if data:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers["Content-Type"].split(";")[0], answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers["Content-Type"].split(";")[0], answer.read()

    def resolve(self, node):
        while "$ref" in node:
            found = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def check(self, operation, status, kind, body):
        """The answer is one of those promised, in one of the forms promised."""
        promised = operation["responses"].get(str(status))
        assert promised, f"{operation['operationId']} answered {status}, which is not promised: {body[:200]}"
        promised = self.resolve(promised)
        assert kind in promised["content"], (operation["operationId"], status, kind)
        if "json" not in kind:
            return None
        value = json.loads(body, parse_float=Decimal)
        schema = {**promised["content"][kind]["schema"], "components": self.document["components"]}
        errors = list(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(value))
        assert not errors, (operation["operationId"], [error.message for error in errors])
        return value

    def learn(self, operation, value):
        """Values for other operations, by this one's links."""
        links = self.resolve(operation["responses"]["200"]).get("links", {})
        for link in links.values():
            for name, expression in link["parameters"].items():
                found = value
                for part in expression.removeprefix("$response.body#/").split("/"):
                    try:
                        found = found[int(part)] if isinstance(found, list) else found[part]
                    except (IndexError, KeyError):
                        found = None
                        break
                if found is not None:
                    self.known.setdefault((link["operationId"], name), found)

    def path(self, pattern, operation):
        """The path with its parameters filled in; None while one is not known."""
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                value = self.known.get((operation["operationId"], parameter["name"]))
                if value is None:
                    return None
                pattern = pattern.replace("{%s}" % parameter["name"], urllib.parse.quote(str(value), safe=""))
        return pattern

    def call(self, method, pattern, operation):
        path = self.path(pattern, operation)
        if path is None:
            return False
        needs_token = {} not in operation["security"] and operation["security"]
        body = {"note": "by the document"} if "requestBody" in operation else None
        secret = token if needs_token else None
        if needs_token:
            status, kind, text = self.send(method, path)
            self.check(operation, status, kind, text)
            assert status == 401, (path, status)
        status, kind, text = self.send(method, path, body, secret)
        value = self.check(operation, status, kind, text)
        assert status == 200, (path, status, text)
        if value is not None:
            self.learn(operation, value)
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                for value, wanted in values(self.resolve(parameter["schema"])):
                    query = urllib.parse.urlencode({parameter["name"]: value})
                    status, kind, text = self.send(method, f"{path}?{query}", body, secret)
                    self.check(operation, status, kind, text)
                    assert status == wanted, (path, query, status, text)
        return True

    def listen(self, path, operation):
        """A path that promises 101 is a WebSocket; asked in the ordinary way it says so."""
        path = self.path(path, operation) or path.replace("{ticker}", self.ticker())
        secret = token if {} not in operation["security"] else None
        status, kind, text = self.send("GET", path, secret=secret)
        self.check(operation, status, kind, text)
        assert status == 426, (path, status)
        headers = {"Authorization": "Bearer " + secret} if secret else {}
        try:
            with connect("ws" + base.removeprefix("http") + path, proxy=None, additional_headers=headers) as socket:
                socket.send('{"type":"ping"}')
                heard = socket.recv(timeout=10)
                assert isinstance(heard, bytes) or json.loads(heard)["type"]
        except InvalidStatus as error:
            raise AssertionError((path, error.response.status_code)) from error

    def ticker(self):
        return next(str(value) for (_, name), value in self.known.items() if name == "ticker")

    def run(self):
        waiting = [
            (method, path, operation)
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
        ]
        sockets = [entry for entry in waiting if "101" in entry[2]["responses"]]
        waiting = [entry for entry in waiting if entry not in sockets]
        # What deletes comes last, so that it does not take what others are to read.
        waiting.sort(key=lambda entry: ["get", "post", "delete"].index(entry[0]))
        while waiting:
            done = [entry for entry in waiting if self.call(entry[0].upper(), entry[1], entry[2])]
            assert done, ("no values for the path of", [entry[1] for entry in waiting])
            self.done.update(entry[2]["operationId"] for entry in done)
            waiting = [entry for entry in waiting if entry not in done]
        for _, path, operation in sockets:
            self.listen(path, operation)
            self.done.add(operation["operationId"])
        return sorted(self.done)


def values(schema):
    """Values inside the schema and outside, with the status that each should have."""
    found = [(schema["default"], 200)] if "default" in schema else []
    if "enum" in schema:
        found += [(value, 200) for value in schema["enum"]] + [("nonsense", 422)]
    elif schema.get("type") == "integer":
        found += [(schema["minimum"], 200), (schema["maximum"], 200)]
        found += [(schema["minimum"] - 1, 422), (schema["maximum"] + 1, 422), ("x", 422)]
    elif schema.get("format") == "date":
        found += [("2026-01-02", 200), ("2026-02-30", 422)]
    elif schema.get("format") == "date-time":
        found += [("2026-01-02T15:04:05.678Z", 200), ("soon", 422)]
    elif schema.get("type") == "boolean":
        found += [("true", 200), ("false", 200), ("perhaps", 422)]
    else:
        found += [("\u0001", 422)]
    return found


print(json.dumps(Client().run()))
