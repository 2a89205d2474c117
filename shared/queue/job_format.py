"""A command as a job in arq's format."""

from datetime import datetime
from typing import Any, Final

from arq.jobs import deserialize_job_raw, serialize_job
from pydantic_core import from_json, to_json

from shared.envelope import Envelope

RUN_COMMAND: Final = "run_command"
"""The name under which workers know the function that runs commands."""


def write_job(envelope: Envelope, accepted_at: datetime) -> bytes:
    """Write a command as the payload of a job that was accepted then."""
    milliseconds = int(accepted_at.timestamp() * 1000)
    payload = serialize_job(RUN_COMMAND, (envelope,), {}, None, milliseconds, serializer=to_json)
    if payload is None:
        raise TypeError("arq serialized a job to nothing")
    return payload


def read_call(payload: bytes) -> tuple[str, list[Any]]:
    """Return the name of the function that a job calls, and its arguments. Raises DeserializationError."""
    name, arguments, _, _, _ = deserialize_job_raw(payload, deserializer=from_json)
    return name, list(arguments)


def read_envelope(payload: bytes | str) -> Envelope:
    """Read a job's command.

    Raises UnknownKindError for a command of another release, ValueError, LookupError or TypeError for what is
    no command.
    """
    return Envelope.model_validate(from_json(payload)["a"][0])
