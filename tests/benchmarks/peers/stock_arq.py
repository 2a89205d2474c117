"""The same work behind arq as it comes: its enqueue, its worker, its defaults.

`python -m tests.benchmarks.peers.stock_arq bot|worker`. The front end is as lean as it can be: it imports
no aiogram and hands the parsed JSON on.
"""

import logging.config
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from arq import create_pool
from arq.connections import RedisSettings
from arq.logs import default_log_config
from arq.worker import run_worker

REDIS = RedisSettings.from_dsn(os.environ["REDIS_URL"])


def serve() -> None:
    import uvicorn  # noqa: PLC0415 - a worker needs none of it
    from fastapi import FastAPI, HTTPException, Request  # noqa: PLC0415

    @asynccontextmanager
    async def connected(app: FastAPI) -> AsyncIterator[None]:
        app.state.redis = await create_pool(REDIS)
        yield
        await app.state.redis.aclose()

    app = FastAPI(lifespan=connected)

    async def webhook(request: Request) -> dict[str, bool]:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not secrets.compare_digest(given, os.environ["WEBHOOK_SECRET"]):
            raise HTTPException(403)
        update = await request.json()
        await app.state.redis.enqueue_job("handle", update, _job_id=f"u:{update['update_id']}")
        return {"ok": True}

    async def ready() -> dict[str, bool]:
        return {"ok": True}

    app.post("/telegram/webhook")(webhook)
    app.get("/ready")(ready)
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["BOT_PORT"]), access_log=False, log_level="warning"
    )


async def start_up(context: dict[str, Any]) -> None:
    from tests.benchmarks.peers.handlers import make_bot, make_dispatcher  # noqa: PLC0415 - as above

    context["bot"] = make_bot(os.environ["BOT_TOKEN"], os.environ["TELEGRAM_API_URL"])
    context["dispatcher"] = make_dispatcher(os.environ["DATABASE_URL"])
    sys.stdout.write("ready\n")


async def handle(context: dict[str, Any], update: dict[str, Any]) -> None:
    await context["dispatcher"].feed_raw_update(context["bot"], update)


class WorkerSettings:
    """What arq is told; everything else is its default."""

    functions = (handle,)
    on_startup = start_up
    redis_settings = REDIS


def work() -> None:
    logging.config.dictConfig(default_log_config(verbose=False))  # as arq's own command does
    run_worker(WorkerSettings)  # type: ignore[arg-type]


if __name__ == "__main__":
    {"bot": serve, "worker": work}[sys.argv[1]]()
