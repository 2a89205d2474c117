"""What Telegram can answer when it does not answer with a result."""


class TelegramError(Exception):
    """Base of everything a Bot API call can raise. Messages never hold the token."""


class RefusedError(TelegramError):
    """Telegram said no, and will say no again: the request itself is wrong for this chat or message."""

    def __init__(self, code: int, description: str, migrated_to: int | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.migrated_to = migrated_to
        """The chat that took the place of this one: a group became a supergroup."""

    def says(self, *words: str) -> bool:
        """Tell whether the description holds any of these words, whatever their case."""
        text = self.description.casefold()
        return any(word in text for word in words)

    @property
    def bad_token(self) -> bool:
        """Telegram does not know this bot: the operator's to mend, and no word on the request itself."""
        return self.code in {401, 404}

    @property
    def unreachable(self) -> bool:
        """The person blocked the bot, never started it, or is gone."""
        return self.code == 403 or self.says("chat not found", "user is deactivated")  # noqa: PLR2004 - HTTP

    @property
    def not_modified(self) -> bool:
        """The message already shows just this: an edit that is done."""
        return self.says("message is not modified")

    @property
    def message_gone(self) -> bool:
        """The message to change is no longer there, or is too old to be changed."""
        return self.says("message to edit not found", "message can't be edited", "message_id_invalid")

    @property
    def thread_gone(self) -> bool:
        """The topic is no longer there, or takes nothing any more."""
        return self.says("message thread not found", "topic_deleted", "topic_closed")

    @property
    def other_medium(self) -> bool:
        """The message to change is of a kind that no edit makes into this one: a photo into a text, say."""
        return self.says("no text in the message to edit", "no media in the message to edit")

    @property
    def unknown_file(self) -> bool:
        """Telegram no longer takes this id of a file."""
        return self.says("file identifier", "file reference", "file_reference", "type of file mismatch")

    @property
    def tap_expired(self) -> bool:
        """The tap is too old to be acknowledged."""
        return self.says("query is too old", "query_id_invalid")


class FloodError(TelegramError):
    """Too many requests; `retry_after` seconds must pass before the next one."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after:g} s")
        self.retry_after = retry_after


class UnavailableError(TelegramError):
    """Telegram did not do it and may do it later: 500, 503, or no connection was made."""


class AmbiguousError(UnavailableError):
    """The request went out, and no answer came but a gateway's (502, 504): Telegram may have done it."""


class UnreadableError(AmbiguousError):
    """Telegram did it, but its answer cannot be read: too deep, too large, or cut off."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"Telegram answered {status} with what cannot be read")
        self.body = body
