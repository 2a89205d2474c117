"""What accepting an update costs at least: FastAPI parses JSON, and Redis hears of it.

`python -m tests.benchmarks.peers.floors arq|redis`: arq's own enqueue, or one call to Redis.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from arq import create_pool
from arq.connections import RedisSettings
from fastapi import FastAPI, Request


@asynccontextmanager
async def connected(app: FastAPI) -> AsyncIterator[None]:
    app.state.redis = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield
    await app.state.redis.aclose()


app = FastAPI(lifespan=connected)


async def enqueue(request: Request) -> dict[str, bool]:
    update = await request.json()
    await app.state.redis.enqueue_job("handle", update, _job_id=f"u:{update['update_id']}")
    return {"ok": True}


async def push(request: Request) -> dict[str, bool]:
    update = await request.json()
    await app.state.redis.set(f"u:{update['update_id']}", await request.body())
    return {"ok": True}


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ok": True}


if __name__ == "__main__":
    app.post("/telegram/webhook")({"arq": enqueue, "redis": push}[sys.argv[1]])
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["BOT_PORT"]), access_log=False, log_level="warning"
    )
