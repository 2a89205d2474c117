"""A conversation through aiogram's own Bot, unmodified but for the address.

A process of its own: `python -m tests.sandbox.emulator.conversation URL`. The bot's tests import aiogram
with its models held back, and one process can hold only one of the two.
"""

import asyncio
import sys

import pytest
from aiogram import Bot, exceptions, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientSession

from tests.sandbox.emulator.driving import ANN, TOKEN, Caller, Json
from tests.sandbox.emulator.test_files import png


async def converse(telegram: Caller, bot: Json) -> None:
    """Walk through what a bot does, and what it is refused."""
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

    asking = types.InlineKeyboardMarkup(inline_keyboard=markup.inline_keyboard, force_reply=True)
    asked = await bot.send_message(ANN, "Your name?", reply_markup=asking)
    assert asked.reply_markup.model_dump() == asking.model_dump()
    await telegram.post(f"/chats/{ANN}/messages", text="Ann", reply_to=asked.message_id)
    [reply] = await bot.get_updates(offset=tap.update_id + 1)
    assert reply.message.reply_to_message.message_id == asked.message_id
    picture = types.InputMediaPhoto(media=types.BufferedInputFile(png(30, 20), "a.png"), caption="Look")
    shown = await bot.edit_message_media(picture, chat_id=ANN, message_id=asked.message_id)
    assert (shown.text, shown.caption, shown.photo[-1].width) == (None, "Look", 30)
    place = await bot.send_venue(ANN, 52.52, 13.4, "Barber & Co", "1 Main St", reply_markup=markup)
    assert (place.venue.title, place.reply_markup.force_reply) == ("Barber & Co", None)

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


async def main(url: str) -> None:
    """Converse with the emulator at `url`; an AssertionError where it answers otherwise."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with ClientSession(url) as http, Bot(TOKEN, session=session) as bot:
        await converse(Caller(http, url), bot)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
