"""Backups: whether the last one is young, by the figures that the backup process serves."""

from dataclasses import dataclass

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from shared.clock import Clock
from worker.doctor.findings import Check, Verdict, good, warn

LAST = "bellhop_backup_last_success_timestamp_seconds"
INTERVAL = "bellhop_backup_interval_seconds"
FAILED = "bellhop_backup_failing"
LATE_HOURS = 2
"""As the alert has it: so much longer than the interval may pass."""
HOUR = 3600
LOGS = "see `docker compose logs --tail 50 backup`"
ANOTHER = "does BACKUP_METRICS_URL name the backup process?"
NONE = "add backup to COMPOSE_PROFILES in .env, then `docker compose up --detach --wait`"


@dataclass(frozen=True, slots=True)
class BackupFigures:
    """Where the backup process says how it does; None where nobody has said."""

    address: str | None
    clock: Clock


async def _age(figures: BackupFigures) -> Verdict:
    """Warn, and no more: an old backup keeps nothing from working, nor a release from going out."""
    if figures.address is None:
        return good("not looked at: BACKUP_METRICS_URL is not set")
    try:
        found = await _ask(figures.address)
        last, interval = found[LAST], found[INTERVAL]
    except aiohttp.ClientConnectorError:
        return warn("none is made here: no backup process answers", NONE)
    except KeyError as error:
        return warn(f"cannot be told: it serves no {error.args[0]}", "does BACKUP_METRICS_URL name it?")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return warn(
            f"cannot be told: {str(error) or type(error).__name__}", "does BACKUP_METRICS_URL name it?"
        )
    failing = ", and the latest try failed" if found.get(FAILED) else ""
    if not last:
        return warn(f"there is none yet{failing}", LOGS)
    hours = (figures.clock.now().timestamp() - last) / HOUR
    message = f"{hours:.0f} h old{failing}"
    late = hours > interval / HOUR + LATE_HOURS
    return warn(message, LOGS) if late or failing else good(message)


async def _ask(address: str) -> dict[str, float]:
    async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(address) as answer:
        text = await answer.text()
    families = text_string_to_metric_families(text)
    return {sample.name: float(sample.value) for family in families for sample in family.samples}


BACKUP = Check("last backup", _age, "is the backup process running?")
