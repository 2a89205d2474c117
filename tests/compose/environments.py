"""What a container finds in its environment: docker-compose.yml and .env, put together as Compose does."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.compose.files import SINGLE, services

type Variables = Mapping[str, str]

BEGINS = re.compile(r"\$\{(?P<name>\w+)(?P<how>:?[-+?])?")


class NotGivenError(Exception):
    """A variable has to be there and is not; the message is what Compose says."""


def environment(service: str, dotenv: Variables, path: Path = SINGLE) -> dict[str, str]:
    """Return what Compose gives a service's containers: .env, then what the service itself says."""
    described = services(path)[service]
    of_file = dotenv if "env_file" in described else {}
    own = {name: interpolate(str(value), dotenv) for name, value in described.get("environment", {}).items()}
    return {**of_file, **own}


def interpolate(text: str, variables: Variables) -> str:
    """Fill in `${NAME}`, `:-`, `-`, `:+`, `+`, `:?` and `?`, one within another too."""
    done = ""
    while found := BEGINS.search(text):
        end = _closing(text, found.start())
        done += text[: found.start()] + _value(found, text[found.end() : end], variables)
        text = text[end + 1 :]
    return done + text


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if text[place] == "}" and not depth:
            return place
    raise ValueError(f"{text!r} does not end")


def _value(found: re.Match[str], other: str, variables: Variables) -> str:
    how, value = found["how"] or "", variables.get(found["name"])
    there = bool(value) if ":" in how else value is not None
    match how.removeprefix(":"):
        case "+":
            return interpolate(other, variables) if there else ""
        case "-" if not there:
            return interpolate(other, variables)
        case "?" if not there:
            raise NotGivenError(other)
    return value or ""
