"""Runs after the other tests: what the whole run has left in logs, queues and chats."""

import re
from collections import Counter

import pytest

from tests.client import text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

TROUBLE = re.compile(r"Traceback|File \".+\", line \d+|\w+Error\b|\bexception\b", re.IGNORECASE)
LEAST_TELLING = 4
"""Shorter texts are found in any log."""


async def test_one_line_an_update_and_one_a_job(stage: Stage) -> None:
    person = await stage.customer()
    screen = await walk.open_menu(person)
    taps = []
    for button in ("Book a visit", "Haircut", "« Back", "Menu"):
        taps.append((await person.press_only(button, screen))["update_id"])
        screen = await walk.next_edit(person, screen)
    await person.say("/help")  # once this is answered, the lines of what came before it are written
    await person.wait_message("What I can do")
    updates = Counter(line.get("update_id") for line in stage.log_lines("bot") if line["event"] == "update")
    assert [updates[update_id] for update_id in taps] == [1] * len(taps)
    jobs = [line for line in stage.log_lines(*stage.worker_names) if line["event"] == "command"]
    done = {line["update_id"]: line for line in jobs if line["update_id"] in taps}
    assert Counter(line["update_id"] for line in jobs if line["update_id"] in taps) == dict.fromkeys(taps, 1)
    assert [done[update_id]["kind"] for update_id in taps] == [
        "booking.services",
        "booking.specialists",
        "booking.services",
        "menu.home",
    ]
    for line in done.values():
        assert line["result"] == "done"
        assert line["job_id"].endswith(f":{line['update_id']}")
        assert {"ms", "waited_ms", "timestamp", "level"} <= line.keys()


async def test_one_search_follows_a_tap_to_its_last_delivery(stage: Stage) -> None:
    person = await stage.customer()
    step = await walk.choose(person)
    update_id = (await person.press_only("Confirm", step.screen))["update_id"]
    await walk.next_edit(person, step.screen)
    await person.wait_message("calendar")
    await person.say("/help")  # once this is answered, the lines of what came before it are written
    await person.wait_message("What I can do")
    lines = [
        line for line in stage.log_lines("bot", *stage.worker_names) if line.get("update_id") == update_id
    ]
    others = Counter(line["event"] for line in lines if "delivered" not in line["event"])
    assert others == {"update": 1, "command": 1}
    (command,) = (line for line in lines if line["event"] == "command")
    assert (command["kind"], command["outcome"]) == ("booking.book", "confirmed")
    delivered = [line for line in lines if line["event"] == "delivered"]
    assert {"booking.card", "booking.calendar"} <= {line["kind"] for line in delivered}
    (booking_id,) = {line["booking_id"] for line in delivered}
    assert booking_id > 0


async def test_every_queued_update_was_one_job(stage: Stage) -> None:
    lines = [line for line in stage.log_lines("bot") if line["event"] == "update"]
    queued = Counter(line["job"] for line in lines if line["result"] == "queued")
    assert set(queued.values()) <= {1}
    done = {
        line["job_id"]
        for line in stage.log_lines(*stage.worker_names)
        if line["event"] == "command" and line["result"] == "done"
    }
    assert done <= queued.keys()
    assert not queued.keys() - done


async def test_no_name_no_text_and_no_secret_is_in_any_log(stage: Stage) -> None:
    users = await stage.api.call("GET", "users")
    telling = {stage.sandbox.token, stage.sandbox.token.partition(":")[2], stage.sandbox.webhook_secret}
    for user in users:
        chat = await stage.api.call("GET", f"chats/{user['id']}", limit=1000)
        telling.add(user["first_name"])
        telling |= {text_of(message) for message in chat["messages"]}
    telling = {text for text in telling if len(text) >= LEAST_TELLING and not text.startswith("/")}
    assert len(telling) > len(users)
    for path in stage.logs("bot", "valkey", "postgres", *stage.worker_names):
        log = path.read_text(errors="replace")
        escaped = log.encode().decode("unicode_escape", errors="replace")
        assert [text for text in telling if text in log or text in escaped] == [], path.name


async def test_no_exception_is_in_the_logs_of_bot_and_workers(stage: Stage) -> None:
    for line in stage.log_lines("bot", *stage.worker_names):
        assert line["level"] != "error", line
        assert "exception" not in line, line


async def test_no_chat_shows_a_stack_trace(stage: Stage) -> None:
    for user in await stage.api.call("GET", "users"):
        chat = await stage.api.call("GET", f"chats/{user['id']}", limit=1000)
        for message in chat["messages"]:
            assert message["outgoing"] or not TROUBLE.search(text_of(message)), text_of(message)


async def test_nothing_is_stuck(stage: Stage) -> None:
    assert await stage.count("SELECT count(*) FROM dead_command") == 0
    overdue = "SELECT count(*) FROM outbox WHERE state = 'pending' AND due_at < now() - interval '30 s'"
    assert await stage.count(overdue) == 0
