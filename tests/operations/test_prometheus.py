import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from ruamel.yaml import YAML

from tests.operations.page import ROOT, known_names, names_in

PROMETHEUS = ROOT / "compose" / "prometheus"
RULES = PROMETHEUS / "rules" / "bellhop.yml"
TESTS = sorted((PROMETHEUS / "tests").iterdir())


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load(path.read_text())
    return document


MAIN = read(ROOT / "docker-compose.yml")
OBSERVABILITY = read(ROOT / "compose" / "compose.observability.yml")


def alerts() -> list[dict[str, Any]]:
    return [rule for group in read(RULES)["groups"] for rule in group["rules"]]


def promtool(*arguments: str) -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (on Debian and Ubuntu: apt-get install prometheus)")
    check = subprocess.run([program, *arguments], cwd=PROMETHEUS, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_configuration_is_valid() -> None:
    promtool("check", "config", "prometheus.yml")


def test_alerts_speak_when_they_should_and_only_then() -> None:
    promtool("test", "rules", *map(str, TESTS))


def test_every_alert_says_who_suffers_and_what_to_do() -> None:
    names = [alert["alert"] for alert in alerts()]
    assert len(set(names)) == len(names)
    for alert in alerts():
        assert alert["labels"]["severity"] in {"critical", "warning"}
        assert alert["annotations"].keys() == {"summary", "runbook"}


def test_every_alert_asks_for_metrics_that_exist() -> None:
    for alert in alerts():
        promql_parser.parse(alert["expr"])
        assert names_in(alert["expr"])
        assert names_in(alert["expr"]) <= known_names(), alert["alert"]


def test_every_alert_has_a_test_that_makes_it_speak() -> None:
    tests = [check for file in TESTS for test in read(file)["tests"] for check in test["alert_rule_test"]]
    spoke = {check["alertname"] for check in tests if check["exp_alerts"]}
    assert spoke == {alert["alert"] for alert in alerts()}


SERVES = {
    "bot": ("polling", "webhook", "updates_total", "notices", "ingest"),
    "backup": ("backup",),
    "postgres": ("pg_",),
    "redis": ("redis_",),
}
"""Whose figures these are, by how they begin after `bellhop_`; all others are the workers'."""
SEES_NOTHING = {"postgres": "dependency_up", "redis": "dependency_up"}
"""Of whom somebody else reports too, so that an exporter that is gone hides nothing."""


def source(metric: str) -> str:
    name = metric.removeprefix("bellhop_")
    return next((job for job, beginnings in SERVES.items() if name.startswith(beginnings)), "worker")


def test_no_alert_vanishes_with_what_it_watches() -> None:
    """For everyone whose figures an alert compares, another one speaks when the figures are gone."""
    gone = {
        job
        for alert in alerts()
        if "absent(" in alert["expr"]
        for job in re.findall(r'absent\(up{job="(\w+)"', alert["expr"])
    }
    for alert in alerts():
        for metric in names_in(alert["expr"]) - {"up"}:
            assert source(metric) in gone, f"{alert['alert']} is silent once {metric} is gone"
    for job, other in SEES_NOTHING.items():
        (down,) = [one for one in alerts() if one["alert"] == f"Bellhop{job.title()}Down"]
        assert f'bellhop_{other}{{dependency="{job}"}}' in down["expr"]


def test_no_critical_alert_of_a_rate_comes_when_its_trouble_is_over() -> None:
    """A rate looks back no longer than the alert waits."""
    for alert in alerts():
        for minutes in re.findall(r"\brate\([^\[]*\[(\d+)m\]", alert["expr"]):
            if alert["labels"]["severity"] == "critical":
                assert int(minutes) <= int(alert["for"].removesuffix("m")), alert["alert"]


def test_what_is_inhibited_is_an_alert() -> None:
    names = {alert["alert"] for alert in alerts()}
    for rule in read(ROOT / "compose/alertmanager/alertmanager.yml")["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            assert set(matcher.split('"')[1].split("|")) <= names, matcher


def test_runbooks_work_where_only_docker_is() -> None:
    """No clone, no make, no Python, and no container that may be what is broken."""
    services = MAIN["services"] | OBSERVABILITY["services"]
    for alert in alerts():
        runbook = alert["annotations"]["runbook"]
        assert "python" not in runbook
        assert "make " not in runbook
        assert "docker compose exec" not in runbook, "what is down cannot be entered"
        for command in re.findall(r"`(docker compose [^`]+)`", runbook):
            words = [word for word in command.split() if not word.startswith("-")][3:]
            named = [word for word in words if word in services or "$labels" in word]
            assert named or "up --detach --wait" in command or command == "docker compose ps", command


def test_prometheus_finds_every_replica_by_name() -> None:
    jobs = {job["job_name"]: job for job in read(PROMETHEUS / "prometheus.yml")["scrape_configs"]}
    services = MAIN["services"] | OBSERVABILITY["services"]
    for name, port in (("bot", 8080), ("worker", 9101), ("backup", 9102)):
        (found,) = jobs[name]["dns_sd_configs"]
        assert (found["names"], found["type"], found["port"]) == ([name], "A", port)
    for job in jobs.values():
        for found in job.get("dns_sd_configs", []):
            assert services.keys() >= set(found["names"])


def test_nothing_but_grafana_on_loopback_is_published() -> None:
    ports = {name: it["ports"] for name, it in OBSERVABILITY["services"].items() if "ports" in it}
    assert ports == {"grafana": ["127.0.0.1:${GRAFANA_PORT:-3000}:3000"]}


def test_bellhop_waits_for_nothing_of_the_profile() -> None:
    services = OBSERVABILITY["services"]
    assert all(service["profiles"] == ["observability"] for service in services.values())
    for service in MAIN["services"].values():
        assert not set(service.get("depends_on", [])) & services.keys()


def test_what_is_mounted_is_there() -> None:
    for service in OBSERVABILITY["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / "compose" / source).exists(), source


def test_a_network_is_described_alike_in_both_files() -> None:
    for name, network in OBSERVABILITY["networks"].items():
        assert MAIN["networks"].get(name, network) == network
