"""Commands on their way: as JSON, between releases."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from shared import commands
from shared.commands import Actor, AnyCommand, Command, Envelope, Moving, ReplyTo
from worker.runtime.registry import REGISTRY

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
KINDS: list[type[Command]] = list(get_args(get_args(AnyCommand)[0]))
COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)

GOLDEN = {
    "menu.home", "menu.help", "menu.settings", "menu.languages", "menu.explain", "menu.explain_button",
    "person.choose_language", "person.set_reachable", "booking.services", "booking.specialists",
    "booking.summary", "booking.book", "booking.move", "booking.list", "booking.show", "booking.start_move",
    "booking.ask_cancel", "booking.cancel", "booking.attend", "schedule.show_month", "schedule.show_day",
    "staff.agenda", "admin.home",
}  # fmt: skip

bigints = st.integers(-(2**63), 2**63 - 1)
instants = st.datetimes(timezones=st.just(UTC))
FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    int: bigints,
    int | None: st.none() | bigints,
    str: st.text(),
    bool: st.booleans(),
    date: st.dates(),
    date | None: st.none() | st.dates(),
    datetime: instants,
    Moving: st.builds(Moving),
    Moving | None: st.none() | st.builds(Moving),
}


def of_kind(kind: type[Command]) -> st.SearchStrategy[Command]:
    values = {name: FIELDS[field.annotation] for name, field in kind.model_fields.items() if name != "kind"}
    if kind is commands.ShowAgenda:
        values["days"] = st.integers(1, 7)
    return st.builds(kind, **values)


def envelopes(kind: type[Command]) -> st.SearchStrategy[Envelope]:
    return st.builds(
        Envelope, received_at=instants, actor=st.builds(Actor), reply_to=st.builds(ReplyTo),
        command=of_kind(kind),
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_envelope_comes_back_from_json(kind: type[Command]) -> None:
    @settings(max_examples=10)
    @given(envelopes(kind))
    def check(envelope: Envelope) -> None:
        again = Envelope.model_validate(from_json(to_json(envelope)))
        assert again == envelope
        assert type(again.command) is kind

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_fields_of_a_newer_release_are_ignored(kind: type[Command]) -> None:
    @settings(max_examples=10)
    @given(envelopes(kind))
    def check(envelope: Envelope) -> None:
        data = json.loads(envelope.model_dump_json())
        parts = [data, data["actor"], data["reply_to"], data["command"], data["command"].get("moving")]
        for part in filter(None, parts):
            part["added_next_year"] = {"whatever": [1]}
        data["version"] = 2
        again = Envelope.model_validate(data)
        assert again == envelope.model_copy(update={"version": 2})

    check()


def test_kinds_are_unique_and_for_ever() -> None:
    kinds = [kind.model_fields["kind"].default for kind in KINDS]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == GOLDEN


def test_every_command_has_a_use_case() -> None:
    assert set(REGISTRY) == set(KINDS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_job_of_the_release_before_is_read_by_this_one(path: Path) -> None:
    sample = json.loads(path.read_text(encoding="utf-8"))
    envelope = Envelope.model_validate(sample["job"])
    assert envelope.command.kind == path.stem
    assert envelope.job_id == sample["job_id"]
    assert envelope.actor.id == sample["actor_id"]
    expected = COMMAND.validate_python({"kind": path.stem, **sample["says"]})
    assert envelope.command == expected


def test_every_kind_has_its_sample() -> None:
    assert {path.stem for path in SAMPLES} == GOLDEN


def test_a_kind_of_a_release_to_come_is_a_validation_error() -> None:
    data = {"bot_id": 1, "update_id": 2, "received_at": "2026-11-22T09:00:00Z", "actor": {"id": 3}}
    with pytest.raises(ValidationError):
        Envelope.model_validate({**data, "reply_to": {"chat_id": 3}, "command": {"kind": "tomorrow.news"}})


def test_one_update_of_one_bot_is_one_job() -> None:
    @given(bigints, bigints)
    def check(bot_id: int, update_id: int) -> None:
        envelope = Envelope(
            bot_id=bot_id, update_id=update_id, received_at=datetime(2026, 11, 22, tzinfo=UTC),
            actor=Actor(id=1), reply_to=ReplyTo(chat_id=1), command=commands.ShowHome(),
        )  # fmt: skip
        assert envelope.job_id == f"u:{bot_id}:{update_id}"

    check()
