"""What the people who work here are told of visits, and how soon."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from worker.notices.promises import StaffNews, is_unheard_of, promise, take_back
from worker.notices.repository import count_lately
from worker.outbox.repository import TakenBack
from worker.runtime.context import RequestContext

PATIENCE: Final = timedelta(minutes=10)
"""So long a notice waits that may have nothing to say soon."""
CHANGES_AT_ONCE: Final = 2
"""So many changes of one kind to one visit within PATIENCE are told at once; the others together."""


class NoticedPart(Protocol):
    """What follows in a visit, as far as whoever expects it has to know."""

    @property
    def start(self) -> datetime:
        """When it begins."""
        ...

    @property
    def specialist_id(self) -> int:
        """Whose it is."""
        ...

    @property
    def specialist_telegram_id(self) -> int | None:
        """The specialist's chat."""
        ...

    @property
    def specialist_active(self) -> bool:
        """Whether the specialist works here."""
        ...


class NoticedVisit(NoticedPart, Protocol):
    """A visit, as far as whoever expects it has to know."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def version(self) -> int:
        """How often it has changed."""
        ...

    @property
    def waived(self) -> bool:
        """Whether nobody is there for it: those who expect it see on a card what becomes of it."""
        ...

    @property
    def parts(self) -> Sequence[NoticedPart]:
        """What follows in it."""
        ...


async def tell_booked(context: RequestContext, visit: NoticedVisit, *, wavering: bool) -> None:
    """Promise the word that a visit was booked: after a while where it may well be cancelled soon."""
    await _tell(context, visit, "booked", due_at=_after_a_while(context, visit.start) if wavering else None)


async def tell_series(context: RequestContext, visits: Sequence[NoticedVisit], what: str) -> None:
    """Promise one word of what happened to several visits at once."""
    first = visits[0]
    starts = [visit.start.isoformat() for visit in visits]
    news = news_of(first, what, first.version, by=context.user.id or None)
    direct = first.specialist_telegram_id if first.specialist_active else None
    await promise(context, replace(news, starts=starts), direct)


async def tell_together(context: RequestContext, visits: Sequence[NoticedVisit]) -> None:
    """Promise one word of visits of several people to one session of a group, who were booked at once."""
    first = visits[0]
    direct = first.specialist_telegram_id if first.specialist_active else None
    news = replace(news_of(first, "together", first.version), beside=[visit.id for visit in visits[1:]])
    await promise(context, news, direct)


async def tell_cancelled(context: RequestContext, cancelled: NoticedVisit, *, why: str | None = None) -> None:
    """Promise the word that a visit will not be; nobody who did not hear of it has to hear of its end."""
    if not await is_unheard_of(context.session, cancelled.id, context.now) and not cancelled.waived:
        await _tell(context, cancelled, "cancelled", why=why)


async def tell_moved(context: RequestContext, before: NoticedVisit, moved: NoticedVisit) -> None:
    """Promise the word that a visit is at another time; who loses it is told, too."""
    if moved.specialist_id == before.specialist_id:
        await _tell_of_move(context, before, moved)
        staying = {each.specialist_id for each in (moved, *moved.parts)}
        for part in _of_others(before):
            if part.specialist_id not in staying:
                await _tell_of_part(context, _news(context, before, "cancelled"), part)
    else:
        await _tell_both(context, before, moved)


async def _tell_of_move(context: RequestContext, before: NoticedVisit, moved: NoticedVisit) -> None:
    """Promise the word that a visit moved; of one that nobody has heard of yet, that it was booked."""
    taken = await take_back(context.session, before.id, "booked", "moved", now=context.now)
    booked, waiting = taken.get("booked"), taken.get("moved")
    if booked is not None and not booked.known:
        await _tell(context, moved, "booked", due_at=_after_a_while(context, moved.start))
        return
    later = await _when_to_tell(context, moved, "moved", waiting, before.start)
    first = waiting and waiting.payload["was"]
    was = datetime.fromisoformat(first) if first else before.start
    if was != moved.start:
        await _tell(context, moved, "moved", was=was, due_at=later)


async def _tell_both(context: RequestContext, before: NoticedVisit, moved: NoticedVisit) -> None:
    """Promise the words that a visit is another specialist's now."""
    later = None
    if await is_unheard_of(context.session, before.id, context.now):
        later = _after_a_while(context, moved.start)
    elif not before.waived:
        await _tell(context, before, "cancelled")
    await _tell(context, moved, "booked", due_at=later)


async def tell_noted(context: RequestContext, visit: NoticedVisit, cause: int) -> None:
    """Promise the word that a visit has another note; `cause` is the update that changed it."""
    waiting = (await take_back(context.session, visit.id, "noted", now=context.now)).get("noted")
    later = await _when_to_tell(context, visit, "noted", waiting, visit.start)
    await _tell(context, visit, "noted", cause=cause, due_at=later)


async def tell_resized(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the word that another number of people comes to a visit."""
    waiting = (await take_back(context.session, visit.id, "resized", now=context.now)).get("resized")
    later = await _when_to_tell(context, visit, "resized", waiting, visit.start)
    await _tell(context, visit, "resized", due_at=later)


async def tell_late(context: RequestContext, visit: NoticedVisit, cause: int) -> None:
    """Promise the word that a customer will be late, at once; `cause` is the update that said it."""
    await _tell(context, visit, "late", cause=cause)


async def tell_explained(context: RequestContext, visit: NoticedVisit, cause: int) -> None:
    """Promise the word why a visit was cancelled; `cause` is the update that said it."""
    await _tell(context, visit, "explained", cause=cause)


async def tell_asked(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the question whether a visit may be, at once: it lapses without an answer."""
    await _tell(context, visit, "asked")


async def tell_asked_anew(
    context: RequestContext, before: NoticedVisit, moved: NoticedVisit, until: datetime
) -> None:
    """Promise the question whether a visit may be at another time; whose it is no more is told, too."""
    if moved.specialist_id != before.specialist_id:
        await _tell(context, before, "cancelled")
        await _tell(context, moved, "asked", was=before.start)
        return
    waiting = (await take_back(context.session, before.id, "asked", now=context.now)).get("asked")
    later = await _when_to_tell(context, moved, "asked", waiting, min(before.start, until))
    first = before.start.isoformat() if waiting is None else waiting.payload["was"]
    was = datetime.fromisoformat(first) if first else None
    await _tell(context, moved, "asked", was=None if was == moved.start else was, due_at=later)


async def tell_proposed(context: RequestContext, before: NoticedVisit, proposed: NoticedVisit) -> None:
    """Promise the word that somebody else proposed another time to who asks."""
    await _tell(context, proposed, "proposed", was=before.start)


async def tell_refused(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the word that a customer does not want the time that was proposed to them."""
    await _tell(context, visit, "refused")


async def tell_accepted(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the word that somebody else accepted a request."""
    await _tell(context, visit, "accepted")


async def tell_paid(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the word that the deposit of a request is paid, and that it is booked."""
    await _tell(context, visit, "paid")


async def tell_unpaid(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the word that the deposit of a request was not paid, and that it is over."""
    await _tell(context, visit, "unpaid")


async def tell_declined(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the word that somebody else declined a request."""
    await _tell(context, visit, "declined")


async def tell_lapsed(context: RequestContext, visit: NoticedVisit) -> None:
    """Promise the word that a request lapsed."""
    await _tell(context, visit, "lapsed")


async def _when_to_tell(
    context: RequestContext, visit: NoticedVisit, what: str, waiting: TakenBack | None, before: datetime
) -> datetime | None:
    """Return when a change is told, None at once: of many in a row the later ones come together."""
    later = _after_a_while(context, visit.start, before)
    if waiting is not None:
        return later and min(later, waiting.due_at)
    changes = await count_lately(context.session, visit.id, what, context.now - PATIENCE)
    return later if changes >= CHANGES_AT_ONCE else None


def _after_a_while(context: RequestContext, *starts: datetime) -> datetime | None:
    """Return when a word comes that may have nothing to say soon; None, at once, where a visit is near."""
    later = context.now + PATIENCE
    return later if later + PATIENCE <= min(starts) else None


async def _tell(
    context: RequestContext,
    visit: NoticedVisit,
    what: str,
    *,
    was: datetime | None = None,
    cause: int | None = None,
    due_at: datetime | None = None,
    why: str | None = None,
) -> None:
    """Promise a word about it to whoever is responsible for the visit, and for each part of it."""
    news = replace(_news(context, visit, what, cause), was=was.isoformat() if was else None, why=why)
    await promise(context, news, _chat(visit), due_at)
    for part in _of_others(visit):
        await _tell_of_part(context, news, part, due_at)


async def _tell_of_part(
    context: RequestContext, news: StaffNews, part: NoticedPart, due_at: datetime | None = None
) -> None:
    """Promise the same word to who does a part, about that part."""
    key = f"{news.key}:{part.specialist_id}"
    own = replace(news, key=key, at=part.start.isoformat(), was=None, specialist_id=part.specialist_id)
    await promise(context, own, _chat(part), due_at)


def _of_others(visit: NoticedVisit) -> Iterable[NoticedPart]:
    """Return the first part of each who is not the one with whom the visit begins."""
    by_doer = {part.specialist_id: part for part in reversed(visit.parts)}
    return [part for number, part in by_doer.items() if number != visit.specialist_id]


def _chat(part: NoticedPart) -> int | None:
    return part.specialist_telegram_id if part.specialist_active else None


def _news(context: RequestContext, visit: NoticedVisit, what: str, cause: int | None = None) -> StaffNews:
    return news_of(visit, what, visit.version if cause is None else cause, by=context.user.id or None)


def news_of(
    visit: NoticedVisit, what: str, cause: int, was: datetime | None = None, by: int | None = None
) -> StaffNews:
    """Make the word itself; `cause` is what makes it another one than those before."""
    return StaffNews(
        key=f"notice:{what}:{visit.id}:{cause}",
        booking_id=visit.id,
        what=what,
        at=visit.start.isoformat(),
        was=was.isoformat() if was else None,
        specialist_id=visit.specialist_id,
        by=by,
    )
