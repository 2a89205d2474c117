"""aiogram's own Bot, unmodified but for the address, as a client."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.sandbox.emulator.driving import ANN, TOKEN, Json, Telegram


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Json]:
    """Return aiogram's bot; importing it takes seconds, so only this file does."""
    from aiogram import Bot  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415

    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    async with Bot(TOKEN, session=session) as bot:
        yield bot


async def test_a_conversation(telegram: Telegram, bot: Json) -> None:
    from aiogram import exceptions, types  # noqa: PLC0415

    assert (await bot.get_me()).username == "bellhop_bot"
    await bot.set_my_commands([types.BotCommand(command="start", description="Begin")])
    await telegram.user()
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await telegram.post(f"/chats/{ANN}/messages", text="/start")
    [update] = await poll
    assert update.message.entities[0].type == "bot_command"

    markup = types.InlineKeyboardMarkup(
        inline_keyboard=[[types.InlineKeyboardButton(text="Go", callback_data="go", style="success")]]
    )
    text = '<b>Hi</b> at <tg-time unix="1700000000" format="wDT">noon</tg-time>'
    message = await bot.send_message(ANN, text, parse_mode="HTML", reply_markup=markup)
    assert [one.type for one in message.entities] == ["bold", "date_time"]
    with pytest.raises(exceptions.TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text(
            text, chat_id=ANN, message_id=message.message_id, parse_mode="HTML", reply_markup=markup
        )

    pressed = await telegram.press(message.message_id, "go")
    [tap] = await bot.get_updates(offset=update.update_id + 1)
    assert (tap.callback_query.id, tap.callback_query.message.text) == (
        pressed["callback_query_id"],
        "Hi at noon",
    )
    assert await bot.answer_callback_query(tap.callback_query.id, text="ok")

    file = types.BufferedInputFile(b"BEGIN:VCALENDAR", "visit.ics")
    sent = await bot.send_document(ANN, file, caption="your visit")
    downloaded = await bot.download(sent.document)
    assert downloaded.read() == b"BEGIN:VCALENDAR"

    await telegram.post("/faults", kind="flood", retry_after=3, count=1)
    with pytest.raises(exceptions.TelegramRetryAfter) as flood:
        await bot.send_message(ANN, "x")
    assert flood.value.retry_after == 3
    await telegram.post(f"/chats/{ANN}/block")
    with pytest.raises(exceptions.TelegramForbiddenError):
        await bot.send_message(ANN, "x")
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="x")
    with pytest.raises(exceptions.TelegramConflictError):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "http://127.0.0.1:9/hook"
