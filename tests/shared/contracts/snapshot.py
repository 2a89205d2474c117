"""What is for ever: kinds of commands with a job each, prefixes of buttons, links, places of rules in them.

`make snapshot` (`python -m tests.shared.contracts.snapshot`) adds what is new to snapshot.json. What stands
there is never changed by it: what no longer answers to it fails a test.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.buttons import PREFIXES, pack
from shared.contracts import CONTRACTS
from shared.contracts.base import Command
from shared.envelope import Actor, Envelope, ReplyTo
from tests.shared.contracts.values import LARGEST, extreme, type_of
from worker.overriding.rules import Override

PATH = Path(__file__).with_name("snapshot.json")
SAMPLE = {**LARGEST, int: 77, bool: True, str: "ru"}


def load() -> dict[str, Any]:
    snapshot: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return snapshot


def kinds() -> dict[str, type[Command]]:
    """Return the kinds that this release writes."""
    return {command.kind: command for contract in CONTRACTS for command in contract.commands}


def links() -> dict[str, type[Command]]:
    """Return the forms of links: they are printed and hang in windows."""
    return {form: spec.command for contract in CONTRACTS for spec in contract.specs for form in spec.links}


def rules() -> dict[str, int]:
    """Return the places of the rules that a button names."""
    return {rule.name.lower(): int(rule) for rule in Override}


def missing() -> dict[str, dict[str, Any]]:
    """Return what this release writes and the snapshot does not hold, field by field."""
    snapshot = load()
    found: dict[str, dict[str, Any]] = {"kinds": {}, "buttons": {}, "links": {}, "rules": {}}
    for kind, command in kinds().items():
        known = snapshot["kinds"].get(kind, {}).get("fields", [])
        if kind not in snapshot["kinds"] or set(command.model_fields) - set(known):
            found["kinds"][kind] = _sample(command)
    for prefix, form in PREFIXES.items():
        names = [field.name for field in form.fields]
        if snapshot["buttons"].get(prefix, {}).get("fields") != names:
            sample = pack(extreme(form.command, tuple(names), SAMPLE)) if prefix == form.prefix else prefix
            found["buttons"][prefix] = {"kind": form.command.kind, "fields": names, "data": sample}
    for link, command in links().items():
        if link not in snapshot["links"]:
            found["links"][link] = {"kind": command.kind}
    for rule, place in rules().items():
        if rule not in snapshot["rules"]:
            found["rules"][rule] = {"place": place}
    return found


def _sample(command: type[Command]) -> dict[str, Any]:
    names = tuple(name for name, field in command.model_fields.items() if type_of(field)[0] in SAMPLE)
    envelope = Envelope(
        bot_id=1_000_000_001,
        update_id=900_000_000,
        received_at=datetime(2026, 11, 28, 9, tzinfo=UTC),
        actor=Actor(id=1001, first_name="Anna"),
        reply_to=ReplyTo(chat_id=1001, message_id=55, callback_id="4382bfdwdsb323b2d9"),
        command=extreme(command, names, SAMPLE),
    )
    return {"fields": list(command.model_fields), "job": envelope.model_dump(mode="json")}


def main() -> None:
    snapshot, found = load(), missing()
    for part, entries in found.items():
        for name, entry in entries.items():
            kept = snapshot[part].get(name, {})
            samples = {sample: kept[sample] for sample in ("job", "data") if sample in kept}
            snapshot[part][name] = {**entry, **samples}
    text = json.dumps(snapshot, indent=1, sort_keys=True, ensure_ascii=False)
    PATH.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
