"""What people do reaches the worker as it does in a running system: as updates that the bot reads."""

import asyncio
import traceback
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot import payload
from bot.events import actor, reply_to
from bot.lean_aiogram import Update
from bot.routes import make_router, route
from sandbox.emulator import acting, paying
from sandbox.emulator.contents import content_of
from sandbox.emulator.errors import ClientError
from sandbox.emulator.world import Chat, Message
from shared.contracts.people import SetReachable
from shared.envelope import Envelope, is_urgent
from shared.queue.job_format import read_envelope
from tests.worker.stage import Stage
from worker.db.outages import is_outage
from worker.runtime.command_job import CommandJob
from worker.runtime.jobs.errors import DeferJobError

TRIES: Final = 5
USERNAME: Final = "bellhop_bot"


def told(error: BaseException) -> str:
    """Say what went wrong and where, without what is new each time."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if "/worker/" in each.filename]
    where = f"{frames[-1].filename.rpartition('/worker/')[2]}:{frames[-1].lineno}" if frames else "nowhere"
    return f"{type(error).__name__} at {where}: {str(error).splitlines()[0] if str(error) else ''}"


def is_said(envelope: Envelope) -> bool:
    """Tell whether somebody wrote, who is answered in any case."""
    answered_otherwise = is_urgent(envelope.command.kind) or isinstance(envelope.command, SetReachable)
    return envelope.reply_to.callback_id is None and not answered_otherwise


@dataclass
class Phones:
    """Everybody's chats with the bot, and the queue between the bot and the worker."""

    stage: Stage
    failures: list[str] = field(default_factory=list)
    kinds: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How often each kind of command has run."""
    repeats: bool = False
    """Whether each update of the next ones comes twice."""
    repeated: set[str] = field(default_factory=set)
    """The taps that came twice."""
    lost: set[int] = field(default_factory=set)
    """Whoever has blocked the bot at any time: they may have missed anything."""

    def __post_init__(self) -> None:
        self._emulator = self.stage.telegram.emulator
        self._bot = self._emulator.bot(None)
        self._router = make_router()

    # What people see

    def chat(self, person: int) -> Chat:
        return self._emulator.world.chat(self._bot, person)

    def shown(self, person: int) -> list[Message]:
        """Return the bot's messages that are still there, the newest first."""
        messages = reversed(self.chat(person).messages.values())
        return [each for each in messages if not each.outgoing and not each.deleted]

    # What people do

    def write(self, person: int, wanted: dict[str, Any]) -> None:
        """Send a message, of what the client API takes; who has blocked the bot no longer does so."""
        self.block(person, blocked=False)
        content = content_of(self._emulator.world, self._bot, wanted)
        acting.write(self._emulator, self._bot, person, content)

    def press(self, person: int, message: Message, button: dict[str, Any]) -> None:
        self.block(person, blocked=False)
        acting.press(self._emulator, self._bot, person, message.id, button)

    def pay(self, person: int, message: Message, *, declined: bool) -> None:
        """Try to pay an invoice; one that is paid already takes no money."""
        self.block(person, blocked=False)
        try:
            paying.begin(self._emulator, self._bot, person, person, message, declined=declined)
        except ClientError:
            return

    def block(self, person: int, *, blocked: bool) -> None:
        """Block the bot, or let it write again."""
        acting.block(self._emulator, self._bot, person, blocked=blocked)
        self.lost |= {person} if blocked else set()

    # What comes of it

    async def deliver(self) -> None:
        """Run what everybody has asked for: a person's commands in their order, all people's side by side."""
        while jobs := await self._take():
            lanes = defaultdict(list)
            for envelope in jobs:
                lanes[CommandJob.lane_of([envelope.model_dump(mode="json")])].append(envelope)
            async with asyncio.TaskGroup() as group:
                for lane_jobs in lanes.values():
                    group.create_task(self._work_off(lane_jobs))

    async def _take(self) -> Sequence[Envelope]:
        queue = self._emulator.queues[self._bot.id]
        found = []
        for update in list(queue.pending.values()):
            raw = update.body
            queue.confirm(update)
            envelope = await self._read(raw)
            if envelope is None:
                continue
            found += [envelope] * (2 if self.repeats else 1)
            if self.repeats:
                self.repeated.add(str(envelope.reply_to.callback_id))
        return found

    async def _read(self, raw: dict[str, Any]) -> Envelope | None:
        incoming = payload.read(raw)
        if incoming.person_id is None:
            return None
        event = getattr(Update.model_validate(incoming.trimmed()), incoming.type)
        command = await route(self._router, incoming.type, event, USERNAME)
        if command is None:
            return None
        return Envelope(
            bot_id=self.stage.parts.environment.settings.bot_id,
            update_id=incoming.update_id,
            received_at=self.stage.shop.clock.now(),
            actor=actor(event),
            reply_to=reply_to(event, incoming.thread_id),
            command=command,
            album=incoming.album,
        )

    async def _work_off(self, jobs: Sequence[Envelope]) -> None:
        for envelope in jobs:
            self.kinds[envelope.command.kind] += 1
            before = self._heard(envelope.actor.id)
            await self._run(envelope)
            if not self.repeats and is_said(envelope) and self._heard(envelope.actor.id) == before:
                self.failures.append(f"{envelope.actor.id} heard nothing after {envelope.command!r:.200}")

    def _heard(self, person: int) -> tuple[int, int]:
        """Count what the bot has said to somebody: its messages, and how often they were edited."""
        said = [each for each in self.chat(person).messages.values() if not each.outgoing]
        return len(said), sum(each.edits for each in said)

    async def _run(self, envelope: Envelope) -> None:
        """Run a command as the queue does; what fails is noted, and is over."""
        for attempt in range(TRIES):
            try:
                await self.stage.run(envelope)
            except DeferJobError as later:
                if later.payload is not None:
                    envelope = read_envelope(later.payload)
            except Exception as error:  # noqa: BLE001 - whatever it is, the walk goes on
                if not is_outage(error) or attempt == TRIES - 1:
                    self.failures.append(f"{envelope.command.kind} failed: {told(error)}")
                    return
            else:
                return
