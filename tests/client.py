"""People in tests: each talks to the bot through the emulator's client API, as through Telegram.

Waiting is long polling from the last event seen, so nothing that happens between two calls is missed
and nothing is waited for by the clock.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession

type Json = dict[str, Any]
type Test = Callable[[Json], bool]

POLL_SECONDS = 20
PATIENCE_SECONDS = 20.0


class ClientApiError(AssertionError):
    """The client API refused a call."""


class ClientApi:
    """The emulator's client API; one HTTP session for any number of people."""

    def __init__(self, address: str, *, bot: int | None = None) -> None:
        self.address = address.rstrip("/")
        self._query = {} if bot is None else {"bot": str(bot)}
        self._http: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def call(self, method: str, path: str, body: object = None, **query: object) -> Any:  # noqa: ANN401 - JSON
        """Make one call and return its JSON; ClientApiError with the API's sentence when it refuses."""
        if self._http is None:
            raise ClientApiError("Use it as `async with ClientApi(…) as api`.")
        asked = {**self._query, **{name: str(value) for name, value in query.items()}}
        url = f"{self.address}/{path.lstrip('/')}"
        async with self._http.request(method, url, json=body, params=asked) as response:
            answer = await response.json()
            if response.status != 200:
                raise ClientApiError(f"{method} {path}: {response.status} {answer.get('error', answer)}")
            return answer

    async def taps(self, *, min_answers: int = 0) -> list[Json]:
        """Return the presses that the bot has answered at least so often: `{id, user_id, answers, …}`."""
        found: list[Json] = await self.call("GET", "callbacks", min_answers=min_answers)
        return found

    async def user(self, number: int, first_name: str = "Anna", language_code: str = "en") -> "ChatUser":
        """Make (or rename) a user and return them, seeing what happens from now on."""
        person = {"first_name": first_name, "language_code": language_code}
        await self.call("PUT", f"users/{number}", person)
        return await self.known_user(number)

    async def known_user(self, number: int) -> "ChatUser":
        """Return a user who is there already."""
        chat = await self.call("GET", f"chats/{number}", limit=1)
        return ChatUser(self, number, chat["last"])


class ChatUser:
    """One person in their chat with the bot.

    `wait_…` return the first thing that fits and has happened since the last one of its kind that was
    waited for, at once when it has happened already.
    """

    def __init__(self, api: ClientApi, number: int, seen: int) -> None:
        self.api = api
        self.number = number
        self._start = seen
        self._seen: dict[str, int] = {}

    async def say(self, text: str, thread: int | None = None) -> int:
        """Send a text, perhaps in a topic; return the update's id."""
        where = {} if thread is None else {"thread": thread}
        sent = await self.api.call("POST", f"chats/{self.number}/messages", {"text": text, **where})
        return int(sent["update_id"])

    async def press(self, button: str, message: Json | None = None) -> Json:
        """Press a button by its text and return the answer to the callback.

        Without a message: in the newest one that has such a button.
        """
        callback = await self.press_only(button, message)
        return await self.answer(callback["callback_query_id"])

    async def press_only(self, button: str, message: Json | None = None) -> Json:
        """Press a button and do not wait for the answer: `{callback_query_id, update_id}`."""
        message = message or await self._newest_with(button)
        pressed = {"message_id": message["message_id"], "text": button}
        answer: Json = await self.api.call("POST", f"chats/{self.number}/press", pressed)
        return answer

    async def answer(self, callback_query_id: str, *, seconds: float = PATIENCE_SECONDS) -> Json:
        """Wait until the bot answers a press: `{answered, text?, show_alert?, url?}`."""
        answer: Json = await self.api.call("GET", f"callbacks/{callback_query_id}", timeout=seconds)
        assert answer["answered"], f"The press {callback_query_id} was not answered in {seconds} s."
        return answer

    async def messages(self, limit: int = 100) -> list[Json]:
        """Return the chat, oldest message first."""
        chat = await self.api.call("GET", f"chats/{self.number}", limit=limit)
        found: list[Json] = chat["messages"]
        return [message for message in found if not message.get("deleted")]

    async def wait_message(
        self, text: str = "", *, button: str | None = None, seconds: float = PATIENCE_SECONDS
    ) -> Json:
        """Wait for a new message of the bot that has the text in it and such a button."""
        return await self._wait_content("message", text, button, seconds)

    async def wait_edit(
        self, text: str = "", *, button: str | None = None, seconds: float = PATIENCE_SECONDS
    ) -> Json:
        """Wait for an edited message of the bot that has the text in it and such a button."""
        return await self._wait_content("edit", text, button, seconds)

    async def wait_screen(
        self, text: str = "", *, button: str | None = None, seconds: float = PATIENCE_SECONDS
    ) -> Json:
        """Wait for a message of the bot, new or edited, that has the text in it and such a button."""
        return await self._wait_content("message,edit", text, button, seconds)

    async def wait_event(
        self, types: str, fits: Test = lambda _event: True, *, seconds: float = PATIENCE_SECONDS
    ) -> Json:
        """Wait for an event of one of the types (comma-separated) that fits."""
        passed_over: list[Json] = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for event in await self._next_events(types):
                        self._seen[types] = event["seq"]
                        if fits(event):
                            return event
                        passed_over.append(event)
        except TimeoutError:
            seen = "\n".join(map(str, passed_over)) or "nothing"
            raise AssertionError(
                f"{self.number} waited {seconds:g} s for a fitting {types}; happened: {seen}"
            ) from None

    async def _next_events(self, types: str) -> list[Json]:
        path, after = f"chats/{self.number}/events", self._seen.get(types, self._start)
        answer = await self.api.call("GET", path, after=after, types=types, timeout=POLL_SECONDS)
        found: list[Json] = answer["events"]
        return found

    async def _wait_content(self, types: str, text: str, button: str | None, seconds: float) -> Json:
        def fits(event: Json) -> bool:
            message = event["message"]
            wanted = text in text_of(message) and (button is None or button in buttons(message))
            return wanted and not message["outgoing"]

        event = await self.wait_event(types, fits, seconds=seconds)
        found: Json = event["message"]
        return found

    async def _newest_with(self, button: str) -> Json:
        found = await self.messages()
        for message in reversed(found):
            if button in buttons(message):
                return message
        offered = [buttons(message) for message in found[-3:]]
        raise AssertionError(f"{self.number} sees no button {button!r}; the newest messages have {offered}")


def text_of(message: Json) -> str:
    """Return a message's text or caption."""
    return str(message.get("text") or message.get("caption") or "")


def buttons(message: Json) -> list[str]:
    """Return the texts of a message's buttons, in reading order."""
    markup = message.get("reply_markup") or {}
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [button["text"] for row in rows for button in row]
