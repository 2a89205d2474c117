"""Every message that the code says, read from the code itself.

`python -m tests.texts` prints what each catalogue lacks and what it holds in vain.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from shared.i18n.translator import CATALOGUES

ROOT = Path(__file__).parent.parent
SPEAKERS = ("bot", "worker")
METHODS = {"text": 1, "html": 1, "plural": 2}

type Message = str | tuple[str, ...]


def messages() -> set[Message]:
    """Return the messages that the code hands to a Translator; a plural's forms are one tuple."""
    paths = [path for package in SPEAKERS for path in (ROOT / package).rglob("*.py")]
    return {message for path in paths for message in _messages_of(path)}


def _messages_of(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _is_translation(node.func):
            count = METHODS[node.func.attr]  # type: ignore[attr-defined]
            words = [_literal(argument, path) for argument in node.args[:count]]
            yield words[0] if count == 1 else tuple(words)


def _is_translation(function: ast.expr) -> bool:
    """`texts.html(…)`, `context.texts.text(…)`: the translator is called texts wherever it goes."""
    if not isinstance(function, ast.Attribute) or function.attr not in METHODS:
        return False
    owner = function.value
    return (isinstance(owner, ast.Name) and owner.id == "texts") or (
        isinstance(owner, ast.Attribute) and owner.attr == "texts"
    )


def _literal(node: ast.expr, path: Path) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise AssertionError(f"{path}:{node.lineno}: a message is written out where it is said, not put together")


def catalogue(path: Path) -> dict[Message, Message]:
    """Return a catalogue's translations by message."""
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file, locale=path.stem) if entry.id]
    return {_frozen(entry.id): _frozen(entry.string or "") for entry in entries}


def _frozen(message: str | list[str] | tuple[str, ...]) -> Message:
    return message if isinstance(message, str) else tuple(message)


def main() -> int:
    """Print the differences; exit code 1 where there are any."""
    said, found = messages(), 0
    for path in sorted(CATALOGUES.glob("*.po")):
        known = set(catalogue(path))
        for mark, differing in (("lacks", said - known), ("holds in vain", known - said)):
            for message in sorted(differing, key=str):
                found += 1
                sys.stdout.write(f"{path.name} {mark}: {message!r}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
