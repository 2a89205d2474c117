"""Buttons that nobody made: every one gets an answer, and none of them a stack trace."""

from datetime import UTC, date, datetime

import pytest

from shared import commands
from shared.callbacks import FIRST_DAY, FORMS, LAST_DAY, pack, unpack
from shared.commands import AnyCommand, Moving
from tests.worker.shop import ANNA, OWNER
from tests.worker.stage import Stage

BIGGEST = 2**63 - 1
LAST_MINUTE = datetime(9998, 12, 31, 23, 59, tzinfo=UTC)
MIDNIGHT = datetime(1970, 1, 1, tzinfo=UTC)


def extreme(kind: type[commands.Command], number: int, day: date, moment: datetime) -> AnyCommand:
    """Make a command of the largest or smallest values a button can carry."""
    values: dict[str, object] = {
        "service_id": number, "specialist_id": number, "booking_id": number, "version": number,
        "page": number, "days": 7, "day": day, "month": day, "first": day, "start": moment,
        "language": "x" * 40, "moving": Moving(booking_id=number, version=1),
    }  # fmt: skip
    fields = [field.name for prefix, (form, fields) in FORMS.items() if form is kind for field in fields]
    if kind is commands.ShowDay:
        values["page"] = 1
    if kind is commands.StartMove:
        values["moving"] = Moving(booking_id=number, version=number)
    return kind(**{name: values[name] for name in fields})  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("number", "day", "moment"), [(BIGGEST, LAST_DAY, LAST_MINUTE), (0, FIRST_DAY, MIDNIGHT)]
)
async def test_the_extremes_of_every_button_are_answered(
    stage: Stage, number: int, day: date, moment: datetime
) -> None:
    await stage.meet(OWNER)
    for kind, _ in FORMS.values():
        command = extreme(kind, number, day, moment)
        assert unpack(pack(command)) == command
        for person in (ANNA, OWNER):
            answer = await stage.tap(command, person)
            assert answer.callback is not None, command
            assert answer.toast or answer.text != "screen", command
    assert await stage.shop.live() == []


async def test_extremes_of_what_there_is_are_answered(stage: Stage) -> None:
    service = stage.shop.services["Cut"]
    for day, moment in ((LAST_DAY, LAST_MINUTE), (FIRST_DAY, MIDNIGHT)):
        for command in (
            commands.ShowMonth(service_id=service, month=day),
            commands.ShowDay(service_id=service, day=day),
            commands.ShowSummary(service_id=service, start=moment),
            commands.Book(service_id=service, start=moment),
        ):
            answer = await stage.tap(command)
            assert answer.text != "screen", command


async def test_a_button_nobody_can_read_is_explained(stage: Stage) -> None:
    message = await stage.screen()
    envelope = await stage.tapped(commands.ShowHome(), message=message)
    await stage.run(envelope.model_copy(update={"command": commands.ExplainButton()}))
    answer = stage.answer(envelope)
    assert (answer.alert, answer.text) == (True, "screen")
    assert "out of date" in str(answer.toast)
