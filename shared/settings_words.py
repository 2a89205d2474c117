"""What is wrong with a setting, in our words: those of the library that reads them mean little to people."""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo

OURS = "value_error"
MISSING = "missing"


def explain(fields: Mapping[str, FieldInfo], problem: Mapping[str, Any]) -> str:
    """Write one line about one problem that pydantic found; never with a secret's value."""
    location = problem["loc"]
    if not location:  # a rule about several settings names them itself
        return _said(problem)
    name = str(location[0])
    return f"{name.upper()} {_what(fields[name.lower()], problem)}".strip()


def _what(field: FieldInfo, problem: Mapping[str, Any]) -> str:
    if problem["type"] == MISSING:
        return "is not set."
    if problem["type"] == OURS:
        return _said(problem)
    if get_origin(field.annotation) is Literal:
        return f"has to be one of: {_choices(field)}"
    if field.annotation in {int, float}:
        return f"has to be {_number(field)}"
    if get_origin(field.annotation) is frozenset:
        return f"has to be {_list_of(field)}, separated by commas; {problem['input']!r} is none"
    return "does not make sense; see .env.example"


def _said(problem: Mapping[str, Any]) -> str:
    return str(problem["msg"]).removeprefix("Value error, ")


def _choices(field: FieldInfo) -> str:
    return " ".join(str(choice) for choice in get_args(field.annotation))


def _number(field: FieldInfo) -> str:
    """Say which numbers are meant, with their bounds: 'a whole number from 1 to 65535'."""
    kind = "a whole number" if field.annotation is int else "a number"
    bounds = {type(one): one for one in field.metadata}
    low, above, high = bounds.get(Ge), bounds.get(Gt), bounds.get(Le)
    words = [f" from {low.ge}" if low else "", f" above {above.gt}" if above else ""]
    words.append(f" to {high.le}" if high else " up" if low else "")
    return kind + "".join(words)


def _list_of(field: FieldInfo) -> str:
    [kind] = get_args(field.annotation)
    numbers = int in {kind, *get_args(kind)}
    return "Telegram ids, which are whole numbers" if numbers else "networks like 149.154.160.0/20"
