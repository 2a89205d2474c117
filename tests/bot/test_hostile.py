"""Updates made to stop the queue: the largest legal ones, and those that no phone sends."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import BODY_BYTES
from bot.contents import SAID
from bot.ingest import Outcome
from bot.payload import HANDLED, KNOWN_OTHERS, NotJsonError
from shared.contracts.chat import Say
from shared.queue.job_format import read_envelope, write_job
from tests.bot import updates
from tests.bot.kit import NOON, Kit
from tests.bot.updates import Json

LEVELS, BLOCKS, CHARACTERS = 16, 500, 32_768
"""What a rich message may have: https://core.telegram.org/bots/api#inputrichmessage."""
ITSELF = updates.message("/start")
ENDLESS = "9" * 1_000_000


def nested(levels: int, words: str) -> Json:
    """Make a text in as many styles as are allowed."""
    text: Any = words
    for _ in range(levels):
        text = {"type": "bold", "text": text}
    return dict(text)


def rich() -> Json:
    """Make the largest rich message: as deep as can be, and of characters that JSON writes long."""
    each = "\U0001f600" * (CHARACTERS // BLOCKS)
    blocks: list[Json] = [{"type": "paragraph", "text": nested(LEVELS // 2, each)} for _ in range(BLOCKS)]
    for _ in range(LEVELS // 2):
        blocks = [{"type": "details", "summary": "more", "blocks": blocks}]
    return {"blocks": blocks}


async def test_the_largest_legal_message_is_read() -> None:
    kit = Kit()
    replied = updates.message(None)["message"] | {"rich_message": rich()}
    update = updates.message(None, rich_message=rich(), reply_to_message=replied)
    body = json.dumps(update).encode()
    assert len(body) < BODY_BYTES
    assert await kit.ingest.accept(body) is Outcome.QUEUED
    assert kit.command == Say(reply_to_message_id=10)


def with_raw(raw: str) -> bytes:
    """Write an ordinary message with one more field, as it stands."""
    return json.dumps(ITSELF).encode().replace(b'"text"', b'"x": ' + raw.encode() + b', "text"')


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        pytest.param(with_raw('{"a":' * 900 + "1" + "}" * 900), Outcome.QUEUED, id="deep"),
        pytest.param(with_raw("[" * 10_000 + "]" * 10_000), Outcome.INVALID, id="too deep"),
        pytest.param(with_raw("{" + '"k":1,' * 500_000 + '"k":1}'), Outcome.QUEUED, id="one key again"),
        pytest.param(
            with_raw("{" + ",".join(f'"{key}":1' for key in range(200_000)) + "}"), Outcome.QUEUED, id="keys"
        ),
        pytest.param(with_raw(ENDLESS), Outcome.INVALID, id="a number without end"),
        pytest.param(with_raw("1e999999"), Outcome.QUEUED, id="infinity"),
        pytest.param(with_raw("NaN"), Outcome.QUEUED, id="no number"),
        pytest.param(with_raw('"\\ud83d"'), Outcome.QUEUED, id="half a character"),
    ],
)
async def test_what_is_not_read_may_be_what_it_likes(body: bytes, outcome: Outcome) -> None:
    kit = Kit()
    assert await kit.ingest.accept(body) is outcome
    assert await kit.ingest.accept(json.dumps(updates.message("/help", 2)).encode()) is Outcome.QUEUED


async def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    kit = Kit()
    await kit.ingest.accept(with_raw('1, "text": "one"').replace(b"/start", b"two"))
    assert kit.command == Say(text="two")


@pytest.mark.parametrize(
    "place",
    [
        '{"latitude": NaN, "longitude": 1}',
        '{"latitude": 1, "longitude": Infinity}',
        '{"latitude": 1e999, "longitude": 1}',
        '{"latitude": 91, "longitude": 1}',
        '{"latitude": 1, "longitude": -181}',
        '{"latitude": true, "longitude": 1}',
        f'{{"latitude": {"9" * 400}, "longitude": 1}}',
    ],
)
async def test_a_place_that_is_nowhere_is_none(place: str) -> None:
    kit = Kit()
    assert await kit.ingest.accept(with_raw(f'1, "location": {place}')) is Outcome.QUEUED
    assert kit.command == Say() or kit.envelope.command.model_dump().get("location") is None


hostile_text = st.text(st.characters(), max_size=40) | st.sampled_from(["\0", "\ud83d", "x" * 5000, "\u202e"])
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**80), 2**80),
    st.floats(),
    hostile_text,
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hostile_text, inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted(
    SAID
    | {"message_id", "date", "chat", "from", "media_group_id", "forward_origin", "reply_to_message"}
    | {"message_thread_id", "is_topic_message", "data", "id", "message", "chat_instance", "new_chat_member"}
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)


@st.composite
def hostile(draw: st.DrawFn) -> Json:
    """Draw an update that is almost right: of a known type, some of its fields replaced by anything."""
    usual = draw(st.sampled_from([updates.message("/start"), updates.tap("h"), updates.member("kicked")]))
    update = json.loads(json.dumps(usual))
    (kind,) = update.keys() - {"update_id"}
    place = draw(st.sampled_from(["event", "from", "chat", "message", "new_chat_member"]))
    event = update[kind]
    target = event.get(place, event)
    target |= draw(objects | st.dictionaries(hostile_text, values, max_size=2))
    if draw(st.booleans()):
        update[draw(st.sampled_from([*HANDLED, *sorted(KNOWN_OTHERS), "tomorrow"]))] = draw(values)
    return dict(update)


@given(update=hostile())
async def test_whatever_comes_is_decided_and_what_is_queued_can_be_read(update: Json) -> None:
    kit = Kit()
    body = json.dumps(update).encode()
    try:
        outcome = await kit.ingest.accept(body)
    except NotJsonError:
        pytest.fail("it was JSON")
    assert outcome in {Outcome.QUEUED, Outcome.DROPPED, Outcome.INVALID}
    for envelope in kit.memory.envelopes:
        job = write_job(envelope, NOON)
        assert read_envelope(job) == envelope
        assert b"\\u0000" not in job
        assert len(job) < 20_000
