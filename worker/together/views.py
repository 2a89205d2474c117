"""The way to a booking together, among other things that are somebody's."""

from zoneinfo import ZoneInfo

from shared.contracts.gathering import ShowJoined
from shared.i18n.translator import Translator
from worker.together.repository import GatheringData
from worker.ui.view import Button


def joined_row(texts: Translator, gathering: GatheringData) -> list[Button]:
    """The way to what one has joined, among one's bookings."""
    local = gathering.start.astimezone(ZoneInfo(gathering.timezone))
    label = texts.text(
        "👥 {day}, {time} · {service}",
        day=texts.title(texts.short_day(local.date())),
        time=texts.time(local),
        service=gathering.service,
    )
    return [Button(label, ShowJoined(gathering_id=gathering.id))]
