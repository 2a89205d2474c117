"""Keeping the state in a file between runs: SQLite, so that a save writes only what has changed.

Each save is one transaction: a crash leaves the state of the save before, never half of one.
"""

import json
import sqlite3
from base64 import b64decode, b64encode
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sandbox.emulator.emulator import Emulator
from sandbox.emulator.updates import Update
from sandbox.emulator.world import Bot, Callback, Chat, Checkout, Json, Message, StoredFile, Webhook, World

TABLE = "CREATE TABLE IF NOT EXISTS thing (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key))"


class StateError(Exception):
    """The state file cannot be used; the message says why."""


class Store:
    """The state file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(TABLE)
        except sqlite3.Error as error:
            raise StateError(f"The state file {path} cannot be used: {error}.") from None
        self._waiting = {key for key, _ in self._things("update")}
        """Keys of the updates in the file: most come and go between two saves, and never were in it."""

    def load(self) -> World:
        """Return the world of the last save."""
        world = World()
        for key, body in self._things("user"):
            deactivated = body.pop("deactivated", False)
            world.users[int(key)] = body
            if deactivated:
                world.deactivated.add(int(key))
        for key, body in self._things("bot"):
            webhook = body.pop("webhook")
            world.bots[int(key)] = Bot(**body, webhook=Webhook(**webhook) if webhook else None)
        for _, body in self._things("chat"):
            chat = Chat(**body)
            world.chats[chat.bot_id, chat.user_id] = chat
        self._load_messages(world)
        for key, body in self._things("callback"):
            world.callbacks[key] = Callback(**body)
        for key, body in self._things("checkout"):
            world.checkouts[key] = Checkout(**body)
        for key, body in self._things("file"):
            world.files[key] = StoredFile(**{**body, "data": b64decode(body["data"])})
        for _, body in self._things("meta"):
            world.event_seq = body["event_seq"]
        return world

    def updates(self, bot_id: int) -> list[Update]:
        """Return a bot's updates that were pending at the last save."""
        things = [(key, body) for key, body in self._things("update") if key.startswith(f"{bot_id}:")]
        return sorted((Update(**body) for _, body in things), key=lambda update: update.serial)

    def save(self, emulator: Emulator) -> None:
        """Write what has changed since the last save."""
        changed, emulator.world.changed = emulator.world.changed, set()
        if not changed:
            return
        self._database.execute("BEGIN")
        for kind, key in changed:
            body = _body(emulator, kind, key)
            if body is None:
                self._delete(kind, key)
            else:
                self._insert(kind, key, body)
        self._database.execute("COMMIT")

    def _insert(self, kind: str, key: str, body: Json) -> None:
        if kind == "update":
            self._waiting.add(key)
        row = (kind, key, json.dumps(body, ensure_ascii=False))
        self._database.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?)", row)

    def _delete(self, kind: str, key: str) -> None:
        if kind == "update":
            if key not in self._waiting:
                return
            self._waiting.remove(key)
        self._database.execute("DELETE FROM thing WHERE kind = ? AND key = ?", (kind, key))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _things(self, kind: str) -> list[tuple[str, Json]]:
        rows = self._database.execute("SELECT key, body FROM thing WHERE kind = ?", (kind,))
        return [(key, json.loads(body)) for key, body in rows]

    def _load_messages(self, world: World) -> None:
        stored = [(tuple(map(int, key.split(":"))), body) for key, body in self._things("message")]
        for (bot_id, user_id, message_id), body in sorted(stored, key=lambda one: one[0]):
            if (chat := world.chats.get((bot_id, user_id))) is not None:
                chat.messages[message_id] = Message(**body)


def restore_updates(emulator: Emulator, store: Store) -> None:
    """Put the updates of the last run back into their queues."""
    for bot_id, queue in emulator.queues.items():
        for update in store.updates(bot_id):
            queue.restore(update)


def _body(emulator: Emulator, kind: str, key: str) -> Json | None:
    world = emulator.world
    if kind == "user":
        user = world.users[int(key)]
        return {**user, "deactivated": int(key) in world.deactivated}
    if kind == "bot":
        return asdict(world.bots[int(key)])
    if kind == "message":
        bot_id, user_id, message_id = map(int, key.split(":"))
        return _fields(world.chats[bot_id, user_id].messages[message_id])
    if kind == "chat":
        bot_id, user_id = map(int, key.split(":"))
        return _fields(world.chats[bot_id, user_id], without=("messages", "typing", "typing_until"))
    return _small_body(emulator, kind, key)


def _small_body(emulator: Emulator, kind: str, key: str) -> Json | None:
    world = emulator.world
    if kind == "callback":
        callback = world.callbacks.get(key)
        return None if callback is None else _fields(callback)
    if kind == "checkout":
        return _fields(world.checkouts[key])
    if kind == "update":
        bot_id, serial = map(int, key.split(":"))
        update = emulator.queues[bot_id].pending.get(serial)
        return None if update is None else _fields(update)
    if kind == "file":
        stored = world.files[key]
        return {**_fields(stored, without=("data",)), "data": b64encode(stored.data).decode()}
    return {"event_seq": world.event_seq}


def _fields(thing: Any, without: tuple[str, ...] = ()) -> Json:  # noqa: ANN401 - any dataclass
    return {one.name: getattr(thing, one.name) for one in fields(thing) if one.name not in without}
