"""Buttons that nobody made: every one gets an answer, and none of them a stack trace."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.buttons import FIRST_DAY, FORMS, LAST_DAY, pack, unpack
from shared.contracts.base import DraftRef
from shared.contracts.booking import AddedServices, Book, BookedFor, Moving, ShowDay, ShowMonth, ShowSummary
from shared.contracts.chat import ExplainButton
from shared.contracts.menu import ShowHome
from tests.shared.contracts.values import LARGEST, LAST_MINUTE, extreme
from tests.worker.shop import ANNA, OWNER
from tests.worker.stage import Stage

MIDNIGHT = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = {
    int: 0,
    bool: False,
    str: "x",
    date: FIRST_DAY,
    datetime: MIDNIGHT,
    Moving: Moving(booking_id=0, version=0),
    BookedFor: BookedFor(person_id=0),
    AddedServices: AddedServices(ids=(0,)),
    DraftRef: DraftRef(id=0, version=0),
}


@pytest.mark.parametrize("values", [LARGEST, FIRST])
async def test_the_extremes_of_every_button_are_answered(stage: Stage, values: dict[Any, Any]) -> None:
    await stage.meet(OWNER)
    for form in FORMS.values():
        command = extreme(form.command, tuple(field.name for field in form.fields), values)
        assert unpack(pack(command)) == command
        for person in (ANNA, OWNER):
            answer = await stage.tap(command, person)
            assert answer.callback is not None, command
            assert answer.toast or {answer.text, stage.texts(person)[-1]} != {"screen"}, command
    assert await stage.shop.live() == []


async def test_extremes_of_what_there_is_are_answered(stage: Stage) -> None:
    service = stage.shop.services["Cut"]
    for day, moment in ((LAST_DAY, LAST_MINUTE), (FIRST_DAY, MIDNIGHT)):
        for command in (
            ShowMonth(service_id=service, month=day),
            ShowDay(service_id=service, day=day),
            ShowSummary(service_id=service, start=moment),
            Book(service_id=service, start=moment),
        ):
            answer = await stage.tap(command)
            assert answer.text != "screen" or answer.toast, command


async def test_a_button_nobody_can_read_is_explained(stage: Stage) -> None:
    message = await stage.screen()
    envelope = await stage.tapped(ShowHome(), message=message)
    await stage.run(envelope.model_copy(update={"command": ExplainButton()}))
    answer = stage.answer(envelope)
    assert (answer.alert, answer.text) == (True, "screen")
    assert "out of date" in str(answer.toast)
