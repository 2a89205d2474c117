"""Inline mode is switched on at @BotFather: the doctor says so where it would be of use."""

import pytest

from shared.clock import SystemClock
from shared.telegram.client import TelegramClient
from tests.worker.doctor.fake_telegram import TOKEN, fake_telegram
from worker.doctor import telegram
from worker.doctor.findings import Level, Verdict


async def said(*, inline: bool, services: bool) -> Verdict:
    async def has_services() -> bool:
        return services

    [check] = [each for each in telegram.OTHERS if each.name == "inline mode"]
    async with fake_telegram() as fake, TelegramClient(TOKEN, fake.url) as client:
        fake.inline = inline
        return await check.run(telegram.Line(client, SystemClock(), has_services))


async def test_a_shop_whose_bot_answers_no_queries_is_told_what_to_do() -> None:
    verdict = await said(inline=False, services=True)
    assert verdict.level is Level.WARNING
    assert "@bell_bot friday" in verdict.message
    assert "/setinline" in verdict.hint


@pytest.mark.parametrize(("inline", "services"), [(True, True), (True, False), (False, False)])
async def test_nobody_is_told_where_it_is_on_or_nothing_can_be_found(*, inline: bool, services: bool) -> None:
    assert (await said(inline=inline, services=services)).level is Level.OK
