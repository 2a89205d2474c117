"""What a phone sends at once gets one answer, and what Telegram itself writes into a chat gets none."""

import json
from itertools import count
from pathlib import Path

import pytest
from aiogram.types import Message
from hypothesis import given
from hypothesis import strategies as st

from bot.contents import SAID
from bot.ingest import Outcome
from shared.contracts.booking import ShowServices
from shared.contracts.chat import Say
from tests.bot import updates
from tests.bot.kit import BURST, Kit
from tests.bot.updates import ANN, BOT_ID, Json

PHONES = json.loads(Path(__file__).with_name("phones.json").read_text())
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}]
DATE = 1_700_000_000
CUT = "a long text " * 300
ABOUT = frozenset(Message.model_fields) - SAID - {"successful_payment"}
"""What a message may hold beside what was said: who, where, and what only Telegram writes."""


def in_turn(*messages: Json) -> list[Json]:
    """Number messages as one chat's, and date them a second apart unless they say otherwise."""
    return [
        sent({"message_id": number, "date": DATE + number} | each, number)
        for number, each in enumerate(messages, start=1)
    ]


def sent(fields: Json, update_id: int = 1) -> Json:
    update = updates.message(None, update_id)
    update["message"] |= fields
    return update


async def outcomes(kit: Kit, taken: list[Json]) -> list[Outcome]:
    return [await kit.ingest.accept(update) for update in taken]


async def test_what_phones_send_has_its_right_outcome() -> None:
    kit = Kit(burst=100)
    found = [(case["why"], await kit.ingest.accept(case["update"])) for case in PHONES]
    assert found == [(case["why"], case["right"]) for case in PHONES]
    (asked,) = [each for each in kit.memory.envelopes if isinstance(each.command, ShowServices)]
    assert asked.reply_to.thread_id == 77


async def test_an_album_is_one_job_and_no_haste() -> None:
    kit = Kit()
    album = in_turn(*[{"photo": PHOTO, "media_group_id": "13"}] * 3 * BURST)
    assert await outcomes(kit, album) == [Outcome.QUEUED] + [Outcome.MERGED] * (len(album) - 1)
    assert kit.command == Say(photo="p")
    assert kit.envelope.job_id == f"a:{BOT_ID}:{ANN}:13"
    assert kit.notices() == []
    assert await kit.ingest.accept(updates.message("/start", 99)) is Outcome.QUEUED


async def test_replicas_that_share_an_album_share_its_job() -> None:
    one, other = Kit(), Kit()
    first, second = in_turn(*[{"photo": PHOTO, "media_group_id": "13"}] * 2)
    await one.ingest.accept(first)
    await other.ingest.accept(second)
    assert one.envelope.job_id == other.envelope.job_id


async def test_an_album_whose_first_part_was_not_taken_is_taken_when_it_comes_again() -> None:
    kit = Kit()
    album = in_turn(*[{"photo": PHOTO, "media_group_id": "13"}] * 3)
    assert await outcomes(kit, [*album, album[0], album[2]]) == [
        *(Outcome.QUEUED, Outcome.MERGED, Outcome.MERGED),
        *(Outcome.DUPLICATE, Outcome.MERGED),
    ]


async def test_a_throttled_album_is_refused_once() -> None:
    kit = Kit(burst=1)
    await kit.ingest.accept(updates.message("/start", 100))
    assert await outcomes(kit, in_turn(*[{"photo": PHOTO, "media_group_id": "13"}] * 5)) == [
        Outcome.THROTTLED,
        *[Outcome.MERGED] * 4,
    ]
    assert len(kit.notices()) == 1


@pytest.mark.parametrize(
    "parts",
    [
        [{"text": CUT}, {"text": CUT}, {"text": "its end"}],
        [{"text": CUT, "date": DATE}, {"text": "its end", "date": DATE}],
        [{"text": CUT, "date": DATE}, {"text": "its end", "date": DATE + 2}],
        [{"text": "one", "forward_origin": {}}, {"photo": PHOTO, "forward_origin": {}}],
    ],
)
async def test_one_answer(parts: list[Json]) -> None:
    kit = Kit()
    assert await outcomes(kit, in_turn(*parts)) == [Outcome.QUEUED] + [Outcome.MERGED] * (len(parts) - 1)


@pytest.mark.parametrize(
    "parts",
    [
        [{"text": "short"}, {"text": "and"}, {"text": "sweet"}],
        [{"text": CUT, "date": DATE}, {"text": "later", "date": DATE + 3}],
        [{"text": CUT, "date": DATE + 9}, {"text": "dated before", "date": DATE}],
        [{"text": CUT}, {"text": "/cancel"}],
        [{"text": CUT}, {"photo": PHOTO}],
        [{"text": "my own", "date": DATE}, {"text": "another's", "forward_origin": {}, "date": DATE}],
        [{"photo": PHOTO, "media_group_id": "1"}, {"photo": PHOTO, "media_group_id": "2"}],
        [{"photo": PHOTO, "media_group_id": "1"}, {"photo": PHOTO}],
    ],
)
async def test_an_answer_each(parts: list[Json]) -> None:
    kit = Kit()
    assert await outcomes(kit, in_turn(*parts)) == [Outcome.QUEUED] * len(parts)


async def test_nobody_goes_on_with_what_somebody_else_said() -> None:
    kit = Kit()
    await kit.ingest.accept(updates.message(CUT, 1))
    assert await kit.ingest.accept(updates.message("mine", 2, updates.person(8))) is Outcome.QUEUED


async def test_haste_in_a_topic_is_told_there() -> None:
    kit = Kit(burst=1)
    asked = in_turn(*[{"text": "/start", "message_thread_id": 5, "is_topic_message": True}] * 2)
    assert await outcomes(kit, asked) == [Outcome.QUEUED, Outcome.THROTTLED]
    (notice,) = kit.notices()
    assert notice.parameters["message_thread_id"] == 5


@pytest.mark.parametrize("is_topic", [None, False, "yes"])
async def test_a_thread_that_is_no_topic_is_none(is_topic: object) -> None:
    kit = Kit()
    await kit.ingest.accept(sent({"text": "/start", "message_thread_id": 5, "is_topic_message": is_topic}))
    assert kit.envelope.reply_to.thread_id is None


async def test_a_tap_in_a_topic_is_answered_there() -> None:
    kit = Kit()
    update = updates.tap("h")
    update["callback_query"]["message"] |= {"message_thread_id": 5, "is_topic_message": True}
    await kit.ingest.accept(update)
    assert kit.envelope.reply_to.thread_id == 5


@pytest.mark.parametrize("kind", sorted(ABOUT | {"a_kind_of_tomorrow"}))
async def test_what_nobody_said_is_silence(kind: str) -> None:
    kit = Kit()
    update = sent({kind: {"what": ["ever"]}} | sent({})["message"])
    assert await kit.ingest.accept(update) is Outcome.DROPPED
    assert (kit.memory.envelopes, kit.notices()) == ([], [])
    assert kit.counted("message", "dropped") == 1


@pytest.mark.parametrize("kind", sorted(SAID - {"text"}))
async def test_what_somebody_said_is_answered(kind: str) -> None:
    assert await Kit().ingest.accept(sent({kind: {"what": ["ever"]}})) is Outcome.QUEUED


said: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"date": st.integers(DATE, DATE + 5)},
    optional={
        "text": st.sampled_from(["/start", "short", CUT]),
        "photo": st.just(PHOTO),
        "media_group_id": st.sampled_from(["1", "2", "", 3, None]),
        "forward_origin": st.just({}),
    },
)


@given(burst=st.lists(said, min_size=1, max_size=8), repeats=st.data())
async def test_a_repeat_of_what_was_taken_changes_nothing(burst: list[Json], repeats: st.DataObject) -> None:
    kit = Kit(burst=100)
    numbers = count(1)
    for each in burst:
        update = sent(each, next(numbers))
        first = await kit.ingest.accept(update)
        if repeats.draw(st.booleans()):
            again = await kit.ingest.accept(update)
            assert again is (Outcome.DUPLICATE if first is Outcome.QUEUED else first)
    jobs = [envelope.job_id for envelope in kit.memory.envelopes]
    assert len(jobs) == len(set(jobs))
