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

MARKUP = types.InlineKeyboardMarkup(
    inline_keyboard=[[types.InlineKeyboardButton(text="Go", callback_data="go", style="success")]]
)


async def converse(telegram: Caller, bot: Json) -> None:
    """Walk through what a bot does, and what it is refused."""
    offset = await begin(telegram, bot)
    message_id = await show(bot)
    offset = await be_tapped(telegram, bot, message_id, offset)
    await send_file(bot)
    await ask_and_show(telegram, bot, offset)
    await be_refused(telegram, bot)


async def begin(telegram: Caller, bot: Json) -> int:
    """Wait for somebody's first words; return where the next update begins."""
    assert (await bot.get_me()).username == "bellhop_bot"
    await bot.set_my_commands([types.BotCommand(command="start", description="Begin")])
    await telegram.user()
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await telegram.post(f"/chats/{ANN}/messages", text="/start")
    [update] = await poll
    assert update.message.entities[0].type == "bot_command"
    return int(update.update_id) + 1


async def show(bot: Json) -> int:
    """Send formatted text with a button; the same again is refused. Return the message's id."""
    text = '<b>Hi</b> at <tg-time unix="1700000000" format="wDT">noon</tg-time>'
    message = await bot.send_message(ANN, text, parse_mode="HTML", reply_markup=MARKUP)
    assert [one.type for one in message.entities] == ["bold", "date_time"]
    with pytest.raises(exceptions.TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text(
            text, chat_id=ANN, message_id=message.message_id, parse_mode="HTML", reply_markup=MARKUP
        )
    return int(message.message_id)


async def be_tapped(telegram: Caller, bot: Json, message_id: int, offset: int) -> int:
    """Hear a tap and answer it; return where the next update begins."""
    pressed = await telegram.press(message_id, "go")
    [tap] = await bot.get_updates(offset=offset)
    assert (tap.callback_query.id, tap.callback_query.message.text) == (
        pressed["callback_query_id"],
        "Hi at noon",
    )
    assert await bot.answer_callback_query(tap.callback_query.id, text="ok")
    return int(tap.update_id) + 1


async def send_file(bot: Json) -> None:
    """Send a file and fetch it again."""
    file = types.BufferedInputFile(b"BEGIN:VCALENDAR", "visit.ics")
    sent = await bot.send_document(ANN, file, caption="your visit")
    downloaded = await bot.download(sent.document)
    assert downloaded.read() == b"BEGIN:VCALENDAR"


async def ask_and_show(telegram: Caller, bot: Json, offset: int) -> None:
    """Ask with a question that forces a reply, put a picture in its place, send a place."""
    asking = types.InlineKeyboardMarkup(inline_keyboard=MARKUP.inline_keyboard, force_reply=True)
    asked = await bot.send_message(ANN, "Your name?", reply_markup=asking)
    assert asked.reply_markup.model_dump() == asking.model_dump()
    await telegram.post(f"/chats/{ANN}/messages", text="Ann", reply_to=asked.message_id)
    [reply] = await bot.get_updates(offset=offset)
    assert reply.message.reply_to_message.message_id == asked.message_id
    picture = types.InputMediaPhoto(media=types.BufferedInputFile(png(30, 20), "a.png"), caption="Look")
    shown = await bot.edit_message_media(picture, chat_id=ANN, message_id=asked.message_id)
    assert (shown.text, shown.caption, shown.photo[-1].width) == (None, "Look", 30)
    place = await bot.send_venue(ANN, 52.52, 13.4, "Barber & Co", "1 Main St", reply_markup=MARKUP)
    assert (place.venue.title, place.reply_markup.force_reply) == ("Barber & Co", None)


async def be_refused(telegram: Caller, bot: Json) -> None:
    """Be too fast, blocked, and in the way of a webhook."""
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
