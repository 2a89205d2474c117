"""How one entry is named where another one refers to it."""

from collections.abc import Iterable, Mapping


def join_key(parts: Iterable[str | None]) -> str:
    """Write a key, 'Category/Name' or the name alone."""
    return "/".join(filter(None, parts))


def find_keys(word: str, names: Mapping[str, str]) -> list[str]:
    """Return the keys that a word may mean: one that it is, else all whose name it is; `names` are by key."""
    return [word] if word in names else [key for key, name in names.items() if name == word]
