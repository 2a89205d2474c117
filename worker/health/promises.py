"""Concludes from a look what is to be said, and promises it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from worker.doctor.findings import Finding
from worker.health import repository
from worker.health.rules import AGAIN, Trouble, TroubleState, Word, follow, of_reach, seen, tells
from worker.outbox import writer
from worker.outbox.message import Chat, OutboxMessage
from worker.people.repository import load_managers

ILL: Final = "health.ill"
OVER: Final = "health.over"
KINDS: Final[Mapping[Word, str]] = {Word.ILL: ILL, Word.OVER: OVER}
UNSAYABLE: Final = (Trouble.REFUSED, Word.ILL)
"""With a token that is refused nothing can be said in Telegram."""

log = structlog.get_logger()


async def conclude(
    session: AsyncSession, findings: Sequence[Finding], now: datetime, by_settings: Collection[int]
) -> None:
    """Keep what is not well, and promise those who run the business word of what is new, once.

    `by_settings` are those whom ADMIN_IDS makes owners.
    """
    there = seen(findings)
    if not there:
        return
    await repository.lock(session)
    known = (await repository.load(session)).states
    there = {**there, **await _reach(session, there, by_settings)}
    turns = {each: follow(each, known.get(each), now, there=there[each]) for each in there}
    changed = {each: state for each, (state, _) in turns.items() if state != known.get(each)}
    await repository.save(session, changed)
    words = {each: word for each, (_, word) in turns.items() if word is not None}
    if words:
        _log(words, findings)
        managers = await load_managers(session, by_settings)
        await writer.enqueue(session, _messages(words, known, managers, now), now)


async def _reach(
    session: AsyncSession, there: Mapping[Trouble, bool], by_settings: Collection[int]
) -> Mapping[Trouble, bool]:
    """Look who can be told; with a token that is refused nobody can, which says nothing of them."""
    if there[Trouble.REFUSED]:
        return {}
    return of_reach(*await repository.load_reach(session, by_settings))


def _messages(
    words: Mapping[Trouble, Word],
    known: Mapping[Trouble, TroubleState],
    managers: Collection[int],
    now: datetime,
) -> list[OutboxMessage]:
    sayable = [(trouble, word) for trouble, word in words.items() if (trouble, word) != UNSAYABLE]
    return [
        OutboxMessage(
            kind=KINDS[word],
            destination=Chat(manager),
            key=f"health:{trouble}:{word}:{now.timestamp():.0f}:{manager}",
            payload={"trouble": trouble, **_span(known.get(trouble))},
            expires_at=now + AGAIN,
        )
        for trouble, word in sayable
        for manager in managers
    ]


def _span(state: TroubleState | None) -> Mapping[str, float]:
    """Say since when it was there, and since when not any more."""
    ends = {} if state is None else {"since": state.since, "until": state.eased_at}
    return {name: moment.timestamp() for name, moment in ends.items() if moment is not None}


def _log(words: Mapping[Trouble, Word], findings: Sequence[Finding]) -> None:
    """Say it where operators read, with the doctor's own words."""
    for trouble, word in words.items():
        if word is Word.OVER:
            log.info("trouble over", trouble=trouble.value)
        else:
            said = [f"{each.name}: {each.message} → {each.hint}" for each in findings if tells(each, trouble)]
            log.error("trouble", trouble=trouble.value, doctor=said)
