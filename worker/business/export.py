"""A document as a business file that `apply` accepts unchanged."""

from io import StringIO
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from worker.business.document import DURATIONS, Document, ExceptionPart, ServicePart, SpecialistPart
from worker.business.durations import format_duration
from worker.business.hours import Windows, fold, format_windows

HEADER = "# Apply this file with: python -m worker.business apply FILE\n"
WIDE = 100_000


def write_document(document: Document) -> str:
    """Write a document as YAML, every field spelled out, equal weekdays folded."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width = WIDE  # a line is never broken: a break inside a text would have to be read back
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(_document(document), text)
    return HEADER + text.getvalue()


def _document(document: Document) -> CommentedMap:
    whole = CommentedMap()
    whole["business"] = _given(document.business)
    whole["locations"] = [_given(location) for location in document.locations]
    whole["services"] = [_service(service) for service in document.services]
    whole["specialists"] = [_specialist(specialist) for specialist in document.specialists]
    whole["roles"] = _on_one_line({"owner": list(document.roles.owner), "admin": list(document.roles.admin)})
    return whole


def _given(part: BaseModel) -> CommentedMap:
    return CommentedMap(part.model_dump(exclude_none=True))


def _service(service: ServicePart) -> CommentedMap:
    fields = _given(service)
    for name in DURATIONS:
        fields[name] = format_duration(fields[name])
    price = service.price
    fields["price"] = int(price) if price == price.to_integral_value() else float(price)
    fields["reminders"] = _row([format_duration(minutes) for minutes in service.reminders])
    return fields


def _specialist(specialist: SpecialistPart) -> CommentedMap:
    fields = CommentedMap(name=specialist.name)
    if specialist.telegram_id is not None:
        fields["telegram_id"] = specialist.telegram_id
    fields["services"] = _row(list(specialist.services))
    fields["hours"] = CommentedMap({days: _times(open_) for days, open_ in fold(specialist.hours)})
    fields["exceptions"] = [_exception(exception) for exception in specialist.exceptions]
    return fields


def _exception(exception: ExceptionPart) -> CommentedMap:
    return _on_one_line({"date": exception.date, "hours": _times(exception.hours)})


def _times(windows: Windows) -> CommentedSeq:
    return _row([DoubleQuotedScalarString(window) for window in format_windows(windows)])


def _row(values: list[Any]) -> CommentedSeq:
    row = CommentedSeq(values)
    row.fa.set_flow_style()
    return row


def _on_one_line(values: dict[str, Any]) -> CommentedMap:
    line = CommentedMap(values)
    line.fa.set_flow_style()
    return line
