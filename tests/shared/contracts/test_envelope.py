"""Commands on their way: as JSON, between releases."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from shared.contracts import CONTRACTS
from shared.contracts.base import Command
from shared.contracts.menu import ShowHome
from shared.envelope import Actor, Envelope, ReplyTo, UnknownKindError
from tests.shared.contracts.values import commands
from worker.capabilities import HANDLERS

COMMANDS: list[type[Command]] = [command for contract in CONTRACTS for command in contract.commands]
bigints = st.integers(-(2**63), 2**63 - 1)
instants = st.datetimes(timezones=st.just(UTC))
ASKED: dict[str, Any] = {
    "bot_id": 1, "update_id": 2, "received_at": "2026-11-22T09:00:00Z", "actor": {"id": 3},
    "reply_to": {"chat_id": 3},
}  # fmt: skip


def envelopes(kind: type[Command]) -> st.SearchStrategy[Envelope]:
    return st.builds(
        Envelope, received_at=instants, actor=st.builds(Actor), reply_to=st.builds(ReplyTo),
        command=commands(kind),
    )  # fmt: skip


@pytest.mark.parametrize("kind", COMMANDS)
def test_an_envelope_comes_back_from_json(kind: type[Command]) -> None:
    @settings(max_examples=10)
    @given(envelopes(kind))
    def check(envelope: Envelope) -> None:
        again = Envelope.model_validate(from_json(to_json(envelope)))
        assert again == envelope
        assert type(again.command) is kind

    check()


@pytest.mark.parametrize("kind", COMMANDS)
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


def test_every_command_has_a_handler() -> None:
    assert set(HANDLERS) == set(COMMANDS)


def test_a_kind_of_a_release_to_come_is_told_from_nonsense() -> None:
    with pytest.raises(UnknownKindError) as error:
        Envelope.model_validate({**ASKED, "command": {"kind": "tomorrow.news"}})
    assert error.value.kind == "tomorrow.news"


@pytest.mark.parametrize("command", [None, {}, "booking.book", {"kind": 5}, {"kind": "booking.book"}])
def test_what_is_no_command_is_a_validation_error(command: object) -> None:
    with pytest.raises(ValidationError):
        Envelope.model_validate({**ASKED, "command": command})


def test_one_update_of_one_bot_is_one_job() -> None:
    @given(bigints, bigints)
    def check(bot_id: int, update_id: int) -> None:
        envelope = Envelope(
            bot_id=bot_id, update_id=update_id, received_at=datetime(2026, 11, 22, tzinfo=UTC),
            actor=Actor(id=1), reply_to=ReplyTo(chat_id=1), command=ShowHome(),
        )  # fmt: skip
        assert envelope.job_id == f"u:{bot_id}:{update_id}"

    check()
