"""Backups: whether the last one is young, by the figures that the backup process serves."""

from dataclasses import dataclass

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from shared.clock import Clock
from worker.doctor.findings import Check, Verdict, good, warn

FIGURE = "bellhop_backup_last_success_timestamp_seconds"
OLD_HOURS = 26
"""As the alert has it."""
HOUR = 3600
LOGS = "docker compose logs --tail 50 backup"


@dataclass(frozen=True, slots=True)
class Figures:
    """Where the backup process says how it does; None where nobody has said."""

    address: str | None
    clock: Clock


async def _age(figures: Figures) -> Verdict:
    """Warn, and no more: an old backup keeps nothing from working, nor a release from going out."""
    if figures.address is None:
        return good("not looked at: BACKUP_METRICS_URL is not set")
    try:
        last = await _last_success(figures.address)
    except (aiohttp.ClientError, ValueError) as error:
        reason = str(error) or type(error).__name__
        return warn(f"cannot be told: {reason}", "is the backup process running, under BACKUP_METRICS_URL?")
    if not last:
        return warn("there is none yet", f"see {LOGS}")
    hours = (figures.clock.now().timestamp() - last) / HOUR
    message = f"{hours:.0f} h old"
    return warn(message, f"see {LOGS}") if hours > OLD_HOURS else good(message)


async def _last_success(address: str) -> float:
    async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(address) as answer:
        text = await answer.text()
    for family in text_string_to_metric_families(text):
        if family.name == FIGURE:
            return float(family.samples[0].value)
    raise ValueError(f"it serves no {FIGURE}")


LAST = Check("last backup", _age, "is the backup process running?")
