"""The bot: whether each replica answers and can take updates, and who else takes them."""

import asyncio
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from shared.clock import Clock
from worker.doctor.findings import Check, Verdict, fail, good, warn

LAST_CONFLICT = "bellhop_polling_last_conflict_timestamp_seconds"
CONFLICTS = "bellhop_polling_conflicts_total"
RECENT_SECONDS = 300.0
OF_A_PREDECESSOR = 2
"""So many may come of the bot's own replacement, whose last call Telegram has not let go yet."""
SECOND_BOT = "stop the bot that runs elsewhere with this token; if nobody knows where: /revoke at @BotFather"
NOT_ASKED = good("not looked at: BOT_METRICS_URL is not set")
ANSWER = aiohttp.ClientTimeout(total=5)


@dataclass(frozen=True, slots=True)
class Front:
    """Where the bot's replicas are, by one name; None where nobody has said."""

    address: str | None
    clock: Clock


async def _ready(front: Front) -> Verdict:
    """Ask every replica: one that hangs among several must not hide behind the others."""
    if front.address is None:
        return NOT_ASKED
    replicas = await _replicas(front.address)
    found = await asyncio.gather(*[_trouble(replica) for replica in replicas])
    troubles = sorted({trouble for trouble in found if trouble})
    if troubles:
        message = f"{sum(map(bool, found))} of {len(replicas)} cannot take updates: {'; '.join(troubles)}"
        return fail(message, "`docker compose ps bot`, then `docker compose logs --tail 50 bot`")
    return good(f"{len(replicas)} can take updates" if len(replicas) > 1 else "can take updates")


async def _alone(front: Front) -> Verdict:
    if front.address is None:
        return NOT_ASKED
    found = await asyncio.gather(*[_figures(each) for each in await _replicas(front.address)])
    last = max(figures.get(LAST_CONFLICT, 0.0) for figures in found)
    ago = front.clock.now().timestamp() - last
    if ago >= RECENT_SECONDS:
        return good("nobody else takes its updates")
    message = f"another process took this bot's updates {ago:.0f} s ago"
    if max(figures.get(CONFLICTS, 0.0) for figures in found) <= OF_A_PREDECESSOR:
        return warn(message, "its own predecessor, if it was just replaced; else a second bot: ask again")
    return fail(message, SECOND_BOT)


async def _replicas(address: str) -> list[str]:
    """Return the address of every replica behind a name. Raises OSError."""
    parts = urlsplit(address)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    hosts = sorted({(family, str(there[0])) for family, _, _, _, there in found})
    return [urlunsplit(parts._replace(netloc=f"{_bracketed(host)}:{parts.port or 80}")) for _, host in hosts]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _trouble(replica: str) -> str:
    """Say what keeps a replica from taking updates; empty where nothing does."""
    try:
        answer = await _ask(urlunsplit(urlsplit(replica)._replace(path="/ready")))
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"no answer ({type(error).__name__})"
    return ", ".join(answer.get("reasons", []))


async def _ask(address: str) -> dict[str, Any]:
    async with aiohttp.ClientSession(timeout=ANSWER) as session, session.get(address) as answer:
        body: dict[str, Any] = await answer.json()
        return body


async def _figures(replica: str) -> dict[str, float]:
    """Read a replica's figures; none of one that does not answer, which the other check tells."""
    try:
        async with aiohttp.ClientSession(timeout=ANSWER) as session, session.get(replica) as answer:
            text = await answer.text()
    except (aiohttp.ClientError, TimeoutError):
        return {}
    families = text_string_to_metric_families(text)
    return {sample.name: float(sample.value) for family in families for sample in family.samples}


HINT = "is the bot running? `docker compose ps bot`, then `docker compose logs --tail 50 bot`"
CHECKS = [Check("bot", _ready, HINT), Check("second bot", _alone, HINT)]
