"""One process that does everything: aiogram's webhook in FastAPI, what most people write."""

import os
import secrets

import uvicorn
from aiogram.types import Update
from fastapi import FastAPI, HTTPException, Request

from tests.benchmarks.peers.handlers import make_bot, make_dispatcher

app = FastAPI()
bot = make_bot(os.environ["BOT_TOKEN"], os.environ["TELEGRAM_API_URL"])
dispatcher = make_dispatcher(os.environ["DATABASE_URL"])
SECRET = os.environ["WEBHOOK_SECRET"]


@app.post("/telegram/webhook")
async def webhook(request: Request) -> dict[str, bool]:
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not secrets.compare_digest(given, SECRET):
        raise HTTPException(403)
    update = Update.model_validate_json(await request.body(), context={"bot": bot})
    await dispatcher.feed_update(bot, update)
    return {"ok": True}


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ok": True}


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["BOT_PORT"]), access_log=False, log_level="warning"
    )
