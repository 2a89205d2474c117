"""What every machine can do: tap what somebody sees, ask, let time pass, and look at everything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from shared.buttons import pack
from shared.contracts.base import Command
from tests.stateful.ground import Ground
from tests.walks.checks import check_all
from tests.walks.screens import Key, keys_of, links_in
from tests.walks.shop import NAMES

PICKS: Final = st.integers(0, 5)
"""Which of several things that are there; 0 is the newest, or the first."""
type Kind = type[Command]


@dataclass(frozen=True, init=False)
class Way:
    """Buttons that are tapped one after the other, the first of them by one of these people or anybody."""

    first: Kind
    then: tuple[Kind, ...]
    of: tuple[int, ...]

    def __init__(self, first: Kind, *then: Kind, of: tuple[int, ...] = ()) -> None:
        for name, value in {"first": first, "then": then, "of": of}.items():
            object.__setattr__(self, name, value)


class Machine(RuleBasedStateMachine):
    """People before a bot. A rule ends with `settle`, or leaves what is due to the next one."""

    made: ClassVar = 0
    """How many steps were made, in `runs` shops."""
    runs: ClassVar = 0

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        self.walk = ground.open()
        self.late = False
        """Whether nothing that is due has been done since the last step."""
        self.done = False
        """Whether anything was done since everything was looked at."""
        type(self).runs += 1
        self._note_what_is_shown()

    def teardown(self) -> None:
        self.ground.close()

    @invariant()
    def everything_is_true(self) -> None:
        """Look at everything that was done, unless what is due was left for later."""
        if self.done and not self.late:
            self.done = False
            found = self.ground.run(self.look())
            self.ground.found += found
            assert not found, "\n".join(found)

    async def look(self) -> list[str]:
        """Return everything that is found."""
        return await check_all(self.walk)

    # What is there to be tapped

    def _shown(self, kind: Kind, people: Iterable[int]) -> list[tuple[int, Key]]:
        wanted = set(people) or set(NAMES)
        return [(person, key) for person, key in self._keys.get(kind.kind, ()) if person in wanted]

    def _note_what_is_shown(self) -> None:
        """Note every button that is there, those below the newest message first."""
        self._keys: dict[str, list[tuple[int, Key]]] = {}
        shown = [
            (message.id, person, message) for person in NAMES for message in self.walk.phones.shown(person)
        ]
        for _, person, message in sorted(shown, key=lambda each: -each[0]):
            for key in keys_of(message):
                self._keys.setdefault(key.kind, []).append((person, key))

    def links(self, beginning: str) -> list[str]:
        """Return the links to the bot that anybody was given and that begin so."""
        messages = [message for person in NAMES for message in self.walk.phones.shown(person)]
        return sorted(
            {each for message in messages for each in links_in(message) if each.startswith(beginning)}
        )

    def day(self, ahead: int) -> date:
        """Return a day, so many from today."""
        return self.walk.stage.shop.clock.now().date() + timedelta(days=ahead)

    # What people do

    def go(self, pick: int, *ways: Way) -> None:
        """Have somebody go the first of these ways whose beginning somebody sees, if there is any."""
        for way in ways:
            if shown := self._shown(way.first, way.of):
                person, key = shown[pick % len(shown)]
                self._do(self._follow(person, key, way.then, pick))
                return

    def ask(self, person: int, command: Command, *then: Kind, pick: int = 0) -> None:
        """Have somebody ask for something right away, and go on from there."""
        self._do(self._ask(person, command, then, pick))

    def at_once(self, picks: Iterable[int], *kinds: Kind) -> None:
        """Have several people tap at the same moment what they see of the first kind that is there."""
        for kind in kinds:
            if shown := self._shown(kind, ()):
                self._do(self._tap_at_once([shown[pick % len(shown)] for pick in picks]))
                return

    def say(self, person: int, words: dict[str, Any]) -> None:
        """Have somebody write something."""
        self._do(self._say(person, words))

    def wait(self, by: timedelta) -> None:
        """Let time pass, and everything be done when it is due."""
        self._do(self.walk.wait(by))
        note(f"it is {self.walk.stage.shop.clock.now():%a %d %b %H:%M}")

    def oversleep(self, by: timedelta) -> None:
        """Let time pass while nobody does what is due."""
        self.walk.stage.shop.clock.advance(by)
        note(f"it is {self.walk.stage.shop.clock.now():%a %d %b %H:%M}, and nothing was done")
        self.late = True

    def _do(self, what: Any) -> None:  # noqa: ANN401 - any coroutine
        type(self).made += 1
        self.done = True
        self.ground.run(what)
        self.ground.run(self.walk.settle())
        self.late = False
        self._note_what_is_shown()

    async def _ask(self, person: int, command: Command, then: tuple[Kind, ...], pick: int) -> None:
        number = await self.walk.stage.screen(person)
        message = self.walk.phones.chat(person).messages[number]
        key = Key(message, {"text": command.kind, "callback_data": pack(command)})
        await self._follow(person, key, then, pick)

    async def _follow(self, person: int, key: Key, then: tuple[Kind, ...], pick: int) -> None:
        newest = await self._press(person, key)
        for kind in then:
            following = [each for each in self._below(person, newest, key) if each.kind == kind.kind]
            if not following:
                return
            key = following[pick % len(following)]
            newest = await self._press(person, key)

    async def _press(self, person: int, key: Key) -> int:
        """Tap; return the number of what was the newest message before."""
        newest = max(each.id for each in self.walk.phones.shown(person))
        self._tap(person, key)
        await self.walk.phones.deliver()
        return newest

    def _tap(self, person: int, key: Key) -> None:
        note(f"{NAMES[person]} taps {key.button['text']!r} ({key.kind}) under {key.message.id}")
        self.walk.phones.press(person, key.message, key.button)

    def _below(self, person: int, newest: int, key: Key) -> Iterator[Key]:
        """Yield what stands below the message that was tapped and below those that came of it."""
        for message in self.walk.phones.shown(person):
            if message.id > newest or message.id == key.message.id:
                yield from keys_of(message)

    async def _tap_at_once(self, tapped: Iterable[tuple[int, Key]]) -> None:
        for person, key in tapped:
            self._tap(person, key)
        await self.walk.phones.deliver()

    async def _say(self, person: int, words: dict[str, Any]) -> None:
        note(f"{NAMES[person]} says {words}")
        self.walk.phones.write(person, words)
        await self.walk.phones.deliver()
