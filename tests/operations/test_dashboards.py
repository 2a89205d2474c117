import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import promql_parser
import pytest

from tests.operations.page import ROOT, known_names, names_in

FOLDER = ROOT / "compose" / "grafana" / "dashboards"
NAMES = ("delivery", "queues", "resources", "service")


def dashboard(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return document


def queries(document: dict[str, Any]) -> Iterator[str]:
    for panel in document["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def test_there_are_four() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_provisioned_the_way_it_stays(name: str) -> None:
    document = dashboard(name)
    assert document["uid"] == f"bellhop-{name}"
    assert document["editable"] is False
    assert "id" not in document
    (variable,) = document["templating"]["list"]
    assert variable["name"] == variable["type"] == "datasource"
    assert variable["query"] == "prometheus"


@pytest.mark.parametrize("name", NAMES)
def test_every_panel_can_be_read(name: str) -> None:
    panels = dashboard(name)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({panel["title"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["title"]
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert all(target["datasource"] == panel["datasource"] for target in panel["targets"])


@pytest.mark.parametrize("name", NAMES)
def test_every_query_is_promql_about_metrics_that_exist(name: str) -> None:
    for query in queries(dashboard(name)):
        assert names_in(query), query
        assert names_in(query) <= known_names(), query
        promql_parser.parse(query.replace("$__rate_interval", "1m").replace("$__range", "1h"))
        assert "rate(" not in query or "[$__rate_interval]" in query


@pytest.mark.parametrize("name", NAMES)
def test_no_panel_lies_over_another(name: str) -> None:
    places = [panel["gridPos"] for panel in dashboard(name)["panels"]]
    for one, two in combinations(places, 2):
        apart = one["x"] + one["w"] <= two["x"] or two["x"] + two["w"] <= one["x"]
        above = one["y"] + one["h"] <= two["y"] or two["y"] + two["h"] <= one["y"]
        assert apart or above
    assert all(place["x"] + place["w"] <= 24 for place in places)
