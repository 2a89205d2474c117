"""Updates as Telegram sends them."""

import json
from typing import Any

type Json = dict[str, Any]

BOT_ID = 1000000001
TOKEN = f"{BOT_ID}:{'A' * 35}"
ANN = 7
ASKED_FOR = [
    "message",
    "callback_query",
    "my_chat_member",
    "pre_checkout_query",
    "inline_query",
    "guest_message",
]
"""The types of updates that the bot asks Telegram for."""


def person(person_id: int = ANN, **changes: object) -> Json:
    return {"id": person_id, "is_bot": False, "first_name": "Ann", "language_code": "en"} | changes


def chat(chat_id: int = ANN, kind: str = "private") -> Json:
    return {"id": chat_id, "type": kind, "first_name": "Ann"}


def message(text: str | None, update_id: int = 1, sender: Json | None = None, **changes: object) -> Json:
    sender = sender or person()
    body: Json = {"message_id": 10, "date": 1_700_000_000, "chat": chat(sender["id"]), "from": sender}
    if text is not None:
        body["text"] = text
    return {"update_id": update_id, "message": body | changes}


def tap(data: str | None, update_id: int = 1, sender: Json | None = None, **changes: object) -> Json:
    sender = sender or person()
    shown: Json = {
        "message_id": 20,
        "date": 1_700_000_000,
        "chat": chat(sender["id"]),
        "from": {"id": BOT_ID, "is_bot": True, "first_name": "Bellhop"},
        "text": "Choose a time",
        "entities": [{"type": "bold", "offset": 0, "length": 6}],
        "reply_markup": {"inline_keyboard": [[{"text": "10:00", "callback_data": "h"}] * 7] * 6},
    }
    body: Json = {"id": f"tap{update_id}", "from": sender, "chat_instance": "1", "message": shown}
    if data is not None:
        body["data"] = data
    return {"update_id": update_id, "callback_query": body | changes}


def member(status: str, update_id: int = 1, kind: str = "private") -> Json:
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Bellhop"}
    new: Json = {"user": bot, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    change = {
        "chat": chat(kind=kind),
        "from": person(),
        "date": 1_700_000_000,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": new,
    }
    return {"update_id": update_id, "my_chat_member": change}


def changed(path: str, value: object, update: Json | None = None) -> Json:
    """Return an update, an ordinary one unless given, with another value at a dotted path."""
    update = json.loads(json.dumps(update or message("/start")))
    *way, last = path.split(".")
    place: Any = update
    for step in way:
        place = place[step]
    place[last] = value
    return dict(update)


def checkout(update_id: int = 1, sender: Json | None = None, **changes: object) -> Json:
    asked = {"currency": "EUR", "total_amount": 1000, "invoice_payload": "p1"}
    body: Json = {"id": f"checkout{update_id}", "from": sender or person(), **asked}
    return {"update_id": update_id, "pre_checkout_query": body | changes}


def inline(text: str = "friday", update_id: int = 1, **changes: object) -> Json:
    body: Json = {"id": f"query{update_id}", "from": person(), "query": text, "offset": ""}
    return {"update_id": update_id, "inline_query": body | changes}


def guest(text: str = "@bellhop_bot friday", update_id: int = 1, **changes: object) -> Json:
    called: Json = {"guest_query_id": f"guest{update_id}", "chat": chat(-100, "supergroup")}
    return {"update_id": update_id, "guest_message": message(text, **(called | changes))["message"]}


def paid(update_id: int = 1, **changes: object) -> Json:
    payment: Json = {
        "currency": "EUR",
        "total_amount": 1000,
        "invoice_payload": "p1",
        "telegram_payment_charge_id": "tg",
        "provider_payment_charge_id": "pr",
    }
    return message(None, update_id, successful_payment=payment | changes)
