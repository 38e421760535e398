"""Reads docs/grafana.json and docs/alerts.yml and prints every metric name their expressions use, by file.

argv[1] is the repository's root. Fails where a file is not well formed or a rule points at no section of the runbook."""

import json
import pathlib
import re
import sys

import yaml

docs = pathlib.Path(sys.argv[1]) / "docs"
dashboard = json.loads((docs / "grafana.json").read_text())
assert dashboard["panels"] and len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
shown = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]

rules = [rule for group in yaml.safe_load((docs / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
headings = re.findall(r"^## (.+)$", (docs / "runbook.md").read_text(), re.M)
anchors = {heading.lower().replace(" ", "-") for heading in headings}
for rule in rules:
    file, anchor = rule["annotations"]["runbook"].split("#")
    assert file == "docs/runbook.md" and anchor in anchors, rule["alert"]
    assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("warning", "critical")


def names(expressions):
    return sorted({name for text in expressions for name in re.findall(r"ticktop_[a-z0-9_]+", text)})


runbook = [line for line in re.findall(r"`([^`]+)`", (docs / "runbook.md").read_text())]
print(json.dumps({"grafana": names(shown), "alerts": names(rule["expr"] for rule in rules), "runbook": names(runbook)}))
