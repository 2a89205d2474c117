"""Updates that no button leads to: made by hand and handed to the bot unchecked."""

import time
from dataclasses import dataclass

from tests.client import ChatUser, Json
from tests.e2e.stage import Stage

ANSWER = "answerCallbackQuery"
PATIENCE_SECONDS = 20


@dataclass
class Forger:
    """Makes updates in other people's names."""

    stage: Stage

    async def tap(self, person: ChatUser, screen: Json, data: str) -> Json:
        """Tap a button that is not there; return what the bot answers: `{text?, show_alert?}`.

        Telegram does not know such a tap and lets nobody hear the answer, so it is read from the call.
        """
        body = tapped(person, screen, data)
        before = await self._calls(limit=1)
        await self.stage.send_update({"callback_query": body})
        after = before[-1]["seq"] if before else 0
        while True:
            for call in await self._calls(after=after, timeout=PATIENCE_SECONDS):
                after = call["seq"]
                if call["params"]["callback_query_id"] == body["id"]:
                    answer: Json = call["params"]
                    return answer

    def message(self, person: ChatUser, text: str) -> Json:
        """Make a message as Telegram would report it."""
        chat = {"id": person.number, "type": "private"}
        sender = sender_of(person)
        return {"message_id": 1, "date": int(time.time()), "chat": chat, "from": sender, "text": text}

    async def _calls(self, **query: object) -> list[Json]:
        found: list[Json] = await self.stage.api.call("GET", f"calls?method={ANSWER}", **query)
        return found


def sender_of(person: ChatUser) -> Json:
    """Describe the person as Telegram does."""
    names = {"first_name": f"Quill{person.number}", "language_code": "en"}
    return {"id": person.number, "is_bot": False, **names}


def tapped(person: ChatUser, screen: Json, data: str) -> Json:
    """Make the tap that Telegram would report, with data of our own choice."""
    return {
        "id": f"7{person.number}{time.monotonic_ns()}",
        "from": sender_of(person),
        "message": {
            "message_id": screen["message_id"],
            "date": screen["date"],
            "chat": {"id": person.number, "type": "private"},
        },
        "chat_instance": "1",
        "data": data,
    }
