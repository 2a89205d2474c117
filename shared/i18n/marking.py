"""Texts that are written down in one place and said in another, such as the description of a command."""

from typing import NewType

Marked = NewType("Marked", str)


def text_noop(message: str) -> Marked:
    """Mark a text for the catalogues without translating it; `Translator.marked` says it."""
    return Marked(message)
