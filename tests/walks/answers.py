"""What people answer, whatever they were asked: sometimes what is wanted, sometimes anything but."""

from base64 import b64encode
from random import Random
from typing import Any, Final

from tests.worker.shop import ANNA

PNG: Final = b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
).decode()
SENSIBLE: Final = (
    *("Nora Neumann", "+49 151 23456789", "030 1234567", "10115", "As short as last time", "Sorry, I am ill"),
    *("10:00", "14:30", "9-18", "mon-fri 9-18", "closed", "30", "45m", "1h", "2", "5", "tomorrow", "Dec 24"),
    *(
        "2026-12-01",
        "35",
        "35,50",
        "free",
        "from 30",
        "Wash and cut",
        "Berlin",
        "Europe/Berlin",
        "EUR",
        "yes",
    ),
)
NONSENSE: Final = (
    *("-", "0", "-5", "1e9", "NaN", "*", "31.02", "9.9.9999", "25:00", "٣٥", "[1h", "{name}", "{0}", "%s"),
    *(
        "<b>&",
        "\u202e\u200b",
        "👩‍👩‍👧‍👦" * 40,
        "x" * 4000,
        "\n".join(map(str, range(100))),
        "/nothing",
        "DROP TABLE",
    ),
)


def answer(random: Random, person: int) -> dict[str, Any]:
    """Draw a message, as the client API takes it."""
    draw = random.random()
    if draw < 0.55:
        return {"text": random.choice(SENSIBLE)}
    if draw < 0.8:
        return {"text": random.choice(NONSENSE)}
    if draw < 0.9:
        number = person if random.random() < 0.8 else ANNA
        return {"contact": {"phone_number": f"+4915100{number}", "first_name": "Me", "user_id": number}}
    others: list[dict[str, Any]] = [
        {"location": {"latitude": 52.5, "longitude": 13.4}},
        {"photo": {"data": PNG, "mime_type": "image/png", "name": "photo.png"}},
        {"document": {"data": b64encode(b"services: [").decode(), "name": "shop.yaml"}},
        {"sticker": {}},
        {"voice": {}},
    ]
    return random.choice(others)
