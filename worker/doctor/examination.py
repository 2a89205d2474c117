"""All checks together: every dependency by itself, at the same time."""

import asyncio
from collections.abc import Iterable
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from shared.clock import Clock
from shared.environment import InvalidSettingsError
from shared.environment_settings import EnvironmentSettings
from shared.queue.connection import connect
from shared.settings import (
    CommonSettings,
    DatabaseSettings,
    QueueSettings,
    WorkerSettings,
    load,
)
from shared.telegram.client import TelegramClient
from worker.command_line import explain_failure
from worker.db.engine import make_engine, make_sessions
from worker.doctor import backups, bots, machine, postgres, redis, telegram
from worker.doctor.findings import Check, Finding, run_check, run_checks, skip

SETTINGS_HINT = "needs its settings"
UNREADABLE = (SQLAlchemyError, OSError, TimeoutError)


async def examine(clock: Clock, *, offline: bool = False) -> list[Finding]:
    """Run every check, or only those that need no network."""
    findings = [await run_check(check, None, str) for check in machine.CHECKS]
    if not offline:
        looks = (_postgres, _redis, _telegram, _bots, _backups)
        async with asyncio.TaskGroup() as group:
            parts = [group.create_task(look(clock)) for look in looks]
        findings += [finding for part in parts for finding in part.result()]
    return _without_secrets(findings)


async def _postgres(clock: Clock) -> list[Finding]:
    settings = _settings(DatabaseSettings)
    if settings is None:
        return _skipped(postgres.REACH, postgres.OTHERS)
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        database = postgres.DatabaseExaminer(make_sessions(engine, settings.business_id), clock)
        return await run_checks(postgres.REACH, postgres.OTHERS, database, explain_failure)
    finally:
        await engine.dispose()


async def _redis(clock: Clock) -> list[Finding]:
    settings = _settings(QueueSettings)
    if settings is None:
        return _skipped(redis.REACH, redis.OTHERS)
    client = connect(settings.redis_url)
    try:
        return await run_checks(redis.REACH, redis.OTHERS, redis.Store(client, clock), _explain)
    finally:
        await client.aclose()


async def _telegram(clock: Clock) -> list[Finding]:
    settings = _settings(CommonSettings)
    if settings is None:
        return _skipped(telegram.REACH, telegram.OTHERS)
    token = settings.bot_token.get_secret_value()
    async with TelegramClient(token, settings.telegram_api_url) as client:
        line = telegram.Line(client, clock, partial(_has_services, clock))
        return await run_checks(telegram.REACH, telegram.OTHERS, line, _explain)


async def _has_services(clock: Clock) -> bool:
    """Tell whether there is something to book; where nobody can say, another finding says why."""
    settings = _settings(DatabaseSettings)
    if settings is None:
        return False
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        database = postgres.DatabaseExaminer(make_sessions(engine, settings.business_id), clock)
        return await postgres.has_services(database)
    except UNREADABLE:
        return False
    finally:
        await engine.dispose()


async def _bots(clock: Clock) -> list[Finding]:
    settings = _settings(WorkerSettings)
    if settings is None:
        return skip(bots.CHECKS, SETTINGS_HINT)
    front = bots.Front(settings.bot_metrics_url, clock)
    return [await run_check(check, front, _explain) for check in bots.CHECKS]


async def _backups(clock: Clock) -> list[Finding]:
    settings = _settings(WorkerSettings)
    if settings is None:
        return skip([backups.BACKUP], SETTINGS_HINT)
    return [
        await run_check(backups.BACKUP, backups.BackupFigures(settings.backup_metrics_url, clock), _explain)
    ]


def _settings[S: EnvironmentSettings](kind: type[S]) -> S | None:
    try:
        return load(kind)
    except InvalidSettingsError:
        return None


def _skipped[T](reach: Check[T], others: Iterable[Check[T]]) -> list[Finding]:
    return skip([reach, *others], SETTINGS_HINT)


def _explain(error: Exception) -> str:
    return f"{error}" or type(error).__name__


def _without_secrets(findings: Iterable[Finding]) -> list[Finding]:
    secrets = sorted(machine.all_secrets(), key=len, reverse=True)
    return [_redacted(finding, secrets) for finding in findings]


def _redacted(finding: Finding, secrets: Iterable[str]) -> Finding:
    message = finding.message
    for secret in secrets:
        message = message.replace(secret, "<secret>")
    return Finding(finding.name, finding.level, message, finding.hint)
