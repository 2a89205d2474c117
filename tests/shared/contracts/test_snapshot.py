"""Kinds, prefixes, links and places of rules are for ever: every later release reads them."""

import re
from typing import Any

import pytest

from shared.buttons import PREFIXES, unpack
from shared.contracts import CONTRACTS
from shared.envelope import COMMANDS, Envelope
from shared.links import follow
from tests.shared.contracts.snapshot import load, missing, rules

SNAPSHOT = load()


def test_the_snapshot_holds_whatever_this_release_writes() -> None:
    assert missing() == {"kinds": {}, "buttons": {}, "links": {}, "rules": {}}, (
        "run: make snapshot, and commit what it adds"
    )


def test_no_kind_is_claimed_twice() -> None:
    names = [
        name
        for contract in CONTRACTS
        for command in contract.commands
        for name in (command.kind, *command.aliases)
    ]
    assert len(names) == len(set(names)) == len(COMMANDS)


def test_no_prefix_and_no_typed_name_is_claimed_twice() -> None:
    specs = [spec for contract in CONTRACTS for spec in contract.specs]
    prefixes = [name for spec in specs if spec.button for name in (spec.button.prefix, *spec.button.former)]
    typed = [typed.name for spec in specs for typed in spec.typed]
    assert len(prefixes) == len(set(prefixes)) == len(PREFIXES)
    assert len(typed) == len(set(typed))


@pytest.mark.parametrize("kind", SNAPSHOT["kinds"])
def test_a_job_of_an_earlier_release_is_read(kind: str) -> None:
    job = SNAPSHOT["kinds"][kind]["job"]
    envelope = Envelope.model_validate(job)
    assert type(envelope.command) is COMMANDS[kind]
    written = envelope.model_dump(mode="json")
    assert _without_kind(written["command"]).items() >= _without_kind(job["command"]).items()
    assert written["actor"] == job["actor"]
    assert set(SNAPSHOT["kinds"][kind]["fields"]) <= set(type(envelope.command).model_fields)


@pytest.mark.parametrize("prefix", SNAPSHOT["buttons"])
def test_a_button_of_an_earlier_release_is_read(prefix: str) -> None:
    entry = SNAPSHOT["buttons"][prefix]
    command = unpack(entry["data"])
    assert type(command) is COMMANDS[entry["kind"]]
    names = [field.name for field in PREFIXES[prefix].fields]
    assert names[: len(entry["fields"])] == entry["fields"], "new fields come last"
    if ":" in entry["data"]:
        assert command.model_fields_set, "its fields are read"


@pytest.mark.parametrize("form", SNAPSHOT["links"])
def test_a_link_of_an_earlier_release_leads_where_it_led(form: str) -> None:
    payload = form.replace("{day}", "20261205").replace("{code}", "a" * 22)
    command = follow(re.sub(r"\{\w+\}", "77", payload))
    assert type(command) is COMMANDS[SNAPSHOT["links"][form]["kind"]]
    assert {name: getattr(command, name) for name in re.findall(r"\{(\w+_id)\}", form)} == dict.fromkeys(
        re.findall(r"\{(\w+_id)\}", form), 77
    )


@pytest.mark.parametrize("rule", SNAPSHOT["rules"])
def test_a_rule_in_a_button_of_an_earlier_release_keeps_its_place(rule: str) -> None:
    assert rules().get(rule) == SNAPSHOT["rules"][rule]["place"], f"the place of {rule} is for ever"


def _without_kind(command: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in command.items() if name != "kind"}
