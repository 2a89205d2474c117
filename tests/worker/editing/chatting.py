"""Somebody who runs the shop by what is on their screen."""

from dataclasses import dataclass

from shared.buttons import unpack
from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
from shared.contracts.chat import Say
from tests.worker.shop import OWNER, Shop
from tests.worker.stage import Answer, Stage
from worker.business.document import Document
from worker.business.repository import read_business


async def document(shop: Shop) -> Document:
    async with shop.sessions() as session:
        found = (await read_business(session)).document
    assert found is not None
    return found


@dataclass
class Keeper:
    """An owner or an admin, at the newest message of their chat."""

    stage: Stage
    person: int = OWNER

    async def say(self, text: str) -> str:
        return await self.send(Say(text=text))

    async def send(self, said: Command) -> str:
        return await self.stage.type(said, self.person)

    async def press(self, label: str) -> str:
        """Tap the newest message's button whose text begins so; return what is newest then."""
        message, data = self.found(label)
        await self.stage.tap(unpack(data), self.person, message)
        return self.stage.texts(self.person)[-1]

    async def tap(self, button: tuple[int, str]) -> Answer:
        """Tap a button that was found before."""
        return await self.stage.tap(unpack(button[1]), self.person, button[0])

    async def walk(self, *labels: str) -> str:
        return [await self.press(label) for label in labels][-1]

    async def open(self, *labels: str) -> str:
        """Walk from /admin on."""
        await self.send(ShowAdmin())
        return await self.walk(*labels)

    @property
    def labels(self) -> list[str]:
        """The texts of the newest message's buttons."""
        return list(self.stage.buttons(self._newest(), self.person))

    def found(self, label: str) -> tuple[int, str]:
        """Return a button of the newest message, and the message."""
        buttons = self.stage.buttons(self._newest(), self.person)
        data = [data for text, data in buttons.items() if text.startswith(label)]
        assert len(data) == 1, (label, list(buttons))
        assert data[0] is not None
        return self._newest(), data[0]

    def _newest(self) -> int:
        return int(self.stage.messages(self.person)[-1]["message_id"])
