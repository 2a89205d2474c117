"""Whether visits of a service wait until somebody agrees: a switch, or a mapping that says more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ruamel.yaml.nodes import MappingNode

from worker.business.fields import FieldType
from worker.business.lists import refuse_unknown
from worker.business.source import Cursor
from worker.business.values import DAY, SWITCH, duration, optional

WITHIN: Final = duration(5, 14 * DAY, ("1h", "4h", "12h", "1d"))
APPROVAL_WITHIN: Final = optional(WITHIN)
PARTS: Final[Mapping[str, tuple[str, FieldType[Any]]]] = {
    "within": ("approval_within", WITHIN),
    "regulars": ("approval_regulars", SWITCH),
}
"""By part of the mapping, the field that it is."""


class ApprovalTerms(dict[str, Any]):
    """What a mapping said, by field."""


def _read(at: Cursor) -> Any:  # noqa: ANN401 - a switch, or what a mapping said
    if not isinstance(at.node, MappingNode):
        return SWITCH.read(at)
    places = at.fields()
    refuse_unknown(places, list(PARTS))
    said = {name: kind.read(places[part]) for part, (name, kind) in PARTS.items() if part in places}
    return ApprovalTerms(approval=True, **said)


def spread(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an entry with what its mapping said as fields of their own."""
    said = values.get("approval")
    return {**values, **said} if isinstance(said, ApprovalTerms) else dict(values)


FORM: Final = "true, false, or `{within: 12h, regulars: true}`"
APPROVAL: Final[FieldType[bool]] = replace(SWITCH, form=FORM, read=_read)
