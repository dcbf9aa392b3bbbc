"""Checks grafana/ as far as that goes without a Grafana, and prints the query of every panel and rule, one a line.

Dashboards, rules and contact points are read by the types of grafana-foundation-sdk and written again: what Grafana's types do not know
would be lost, and is reported. The rest (references between files, positions, names) is checked here.
"""
import json
import sys
from pathlib import Path

import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import alerting, dashboard

ROOT = Path("grafana")
faults = []
queries = []


def fault(place, text):
    faults.append(f"{place}: {text}")


def lost(before, after, path=""):
    """The places of `before` that are not in `after`; nulls may be left out."""
    if isinstance(before, dict):
        if not isinstance(after, dict):
            return [path]
        return [place for key, value in before.items() if value is not None
                for place in (lost(value, after[key], f"{path}.{key}") if key in after else [f"{path}.{key}"])]
    if isinstance(before, list):
        if not isinstance(after, list) or len(before) != len(after):
            return [path]
        return [place for index, value in enumerate(before) for place in lost(value, after[index], f"{path}[{index}]")]
    return [] if before == after else [path]


def read_by(kind, data, place):
    try:
        again = json.loads(json.dumps(kind.from_json(data), cls=JSONEncoder))
    except Exception as error:  # whatever the library throws is a fault of the file
        fault(place, f"{kind.__name__} cannot read it: {error!r}")
        return
    for missing in lost(data, again):
        fault(place, f"{kind.__name__} does not know {missing}")


def unique(values, place, what):
    for value in {value for value in values if values.count(value) > 1}:
        fault(place, f"{what} {value!r} is there more than once")


def query(place, expression):
    if "\n" in expression or not expression:
        fault(place, "a query must be one line")
    queries.append(expression)


def check_dashboard(path):
    data = json.loads(path.read_text())
    read_by(dashboard.Dashboard, data, path)
    if data["uid"] != path.stem:
        fault(path, f"uid {data['uid']!r} is not the name of the file")
    variables = {variable["name"] for variable in data["templating"]["list"]}
    panels = data["panels"]
    unique([panel["id"] for panel in panels], path, "panel id")
    unique([panel["title"] for panel in panels], path, "panel title")
    taken = {}
    for panel in panels:
        place = f"{path}: {panel['title']}"
        at = panel["gridPos"]
        if at["x"] + at["w"] > 24:
            fault(place, "reaches beyond the 24 columns")
        for cell in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
            if cell in taken:
                fault(place, f"lies over {taken[cell]!r}")
                break
            taken[cell] = panel["title"]
        if panel["type"] == "row":
            continue
        if not panel["targets"]:
            fault(place, "has no query")
        unique([target["refId"] for target in panel["targets"]], place, "refId")
        for source in [panel["datasource"]] + [target["datasource"] for target in panel["targets"]]:
            if source["uid"].removeprefix("${").removesuffix("}") not in variables:
                fault(place, f"names the data source {source['uid']!r}")
        for target in panel["targets"]:
            query(place, target["expr"])
    return data["uid"]


def check_rule(rule, sources, place):
    for source in rule["data"]:
        model = source["model"]
        if model["refId"] != source["refId"]:
            fault(place, f"query {source['refId']} calls itself {model['refId']}")
        if source["datasourceUid"] not in sources | {"__expr__"} or model["datasource"]["uid"] != source["datasourceUid"]:
            fault(place, f"query {source['refId']} names the data source {source['datasourceUid']!r}")
        if source["datasourceUid"] == "__expr__":
            if model["expression"] not in {other["refId"] for other in rule["data"]} - {source["refId"]}:
                fault(place, f"expression {source['refId']} reads {model['expression']!r}")
        else:
            query(place, model["expr"])
    unique([source["refId"] for source in rule["data"]], place, "refId")
    condition = [source for source in rule["data"] if source["refId"] == rule["condition"]]
    if not condition or condition[0]["model"].get("type") not in ("threshold", "math", "classic_conditions"):
        fault(place, "its condition is no threshold")
    # What a provisioning file has as `folder` of the group, the API wants in the rule.
    read_by(alerting.Rule, rule, place)


def check_alerts(path, sources):
    data = json.loads(path.read_text())
    if data["apiVersion"] != 1:
        fault(path, "apiVersion must be 1")
    known = {"apiVersion", "groups", "contactPoints", "policies"}
    for key in data.keys() - known:
        fault(path, f"{key!r} is no part of a provisioning file")
    points = {point["name"] for point in data.get("contactPoints", [])}
    for point in data.get("contactPoints", []):
        for receiver in point["receivers"]:
            read_by(alerting.ContactPoint, receiver, f"{path}: {receiver['uid']}")
    for policy in data.get("policies", []):
        if policy["receiver"] not in points:
            fault(path, f"the policy names the contact point {policy['receiver']!r}")
        read_by(alerting.NotificationPolicy, {key: value for key, value in policy.items() if key != "orgId"}, path)
    rules = [rule for group in data.get("groups", []) for rule in group["rules"]]
    for rule in rules:
        check_rule(rule, sources, f"{path}: {rule['title']}")
    return [rule["uid"] for rule in rules] + [
        receiver["uid"] for point in data.get("contactPoints", []) for receiver in point["receivers"]]


sources = {source["uid"] for path in (ROOT / "provisioning/datasources").glob("*.yaml")
           for source in yaml.safe_load(path.read_text())["datasources"]}
for path in (ROOT / "provisioning/dashboards").glob("*.yaml"):
    for provider in yaml.safe_load(path.read_text())["providers"]:
        if provider["type"] != "file" or not provider["options"]["path"].startswith("/"):
            fault(path, "a provider needs an absolute path")
uids = [check_dashboard(path) for path in sorted((ROOT / "dashboards").glob("*.json"))]
for path in sorted((ROOT / "alerts").glob("*.json")):
    uids += check_alerts(path, sources)
unique(uids, ROOT, "uid")
for uid in uids:
    if len(uid) > 40:
        fault(ROOT, f"uid {uid!r} is longer than 40 characters")
if len(queries) < 10:
    fault(ROOT, "there are too few queries to believe it")

for text in faults:
    print(text, file=sys.stderr)
print("\n".join(dict.fromkeys(queries)))
sys.exit(1 if faults else 0)
