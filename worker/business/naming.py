"""How one entry is named where another one refers to it."""

from collections.abc import Collection, Iterable, Mapping

from shared.cleaning import name_key


def join_key(parts: Iterable[str | None]) -> str:
    """Write a key, 'Category/Name' or the name alone."""
    return "/".join(filter(None, parts))


def same_keys(key: str, keys: Collection[str]) -> list[str]:
    """Return the keys that people take for this one: itself, else others (see `name_key`)."""
    if key in keys:
        return [key]
    wanted = name_key(key)
    return [each for each in keys if name_key(each) == wanted]


def find_keys(word: str, names: Mapping[str, str]) -> list[str]:
    """Return the keys that a word may mean: one that it is, else all whose name it is; `names` are by key."""
    wanted = name_key(word)
    return same_keys(word, names) or [key for key, name in names.items() if name_key(name) == wanted]
