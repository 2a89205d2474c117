"""Whatever comes in from outside, the emulator answers: never a 500, never silence."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.emulator.methods.registry import NAMED
from tests.sandbox.emulator.driving import ANN, Telegram

WAITS = frozenset({"getUpdates", "setWebhook"})
NAMES = (
    "text",
    "caption",
    "entities",
    "parse_mode",
    "reply_markup",
    "reply_parameters",
    "message_id",
    "limit",
    "commands",
    "scope",
    "language_code",
    "callback_query_id",
    "document",
    "photo",
    "latitude",
    "longitude",
    "action",
    "file_id",
    "message_ids",
    "link_preview_options",
    "offset",
    "allowed_updates",
    "url",
    "media",
    "title",
    "address",
    "live_period",
)
KEYS = (
    "text",
    "type",
    "offset",
    "length",
    "url",
    "user",
    "callback_data",
    "inline_keyboard",
    "keyboard",
    "style",
    "web_app",
    "copy_text",
    "message_id",
    "force_reply",
    "command",
    "chat_id",
    "disabled",
    "id",
    "media",
    "caption",
    "input_field_placeholder",
    "request_contact",
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(sorted(NAMED.keys() - WAITS)),
    parameters=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
)
async def test_any_parameters(telegram: Telegram, method: str, parameters: dict[str, Any]) -> None:
    telegram.emulator.limits.settings.enabled = False
    if ANN not in telegram.emulator.world.users:
        await telegram.started()
    answer = await telegram.call(method, chat_id=ANN, **parameters)
    assert answer.status in {200, 400}, answer.json


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(
        [
            ("PUT", "/users/1"),
            ("POST", "/chats/1/messages"),
            ("POST", "/chats/1/press"),
            ("POST", "/chats/1/read"),
            ("POST", "/updates"),
            ("POST", "/faults"),
            ("PUT", "/limits"),
        ]
    ),
    body=st.dictionaries(
        st.sampled_from(
            [
                "first_name",
                "text",
                "location",
                "contact",
                "photo",
                "document",
                "voice",
                "sticker",
                "caption",
                "reply_to",
                "message_id",
                "data",
                "update_id",
                "message",
                "kind",
                "probability",
                "count",
                "method",
                "enabled",
                "chat_burst",
            ]
        ),
        VALUES,
    ),
)
async def test_any_client_body(telegram: Telegram, place: tuple[str, str], body: dict[str, Any]) -> None:
    if 1 not in telegram.emulator.world.users:
        await telegram.user(1)
    answer = await telegram.request(place[0], f"/client{place[1]}", json=body)
    assert answer.status in {200, 400, 404, 409}, answer.json
