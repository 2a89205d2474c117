import pytest

from shared.failpoints import (
    VARIABLE,
    Action,
    Arm,
    FailpointError,
    InvalidFailpointsError,
    Point,
    arm_failpoints,
    parse,
    reach,
)

LOOPBACK = "http://127.0.0.1:8081"


def test_the_variable_names_points_actions_seconds_and_probabilities() -> None:
    assert parse(" after_commit=kill:0.02; before_send=pause:0.5:0.01;;after_send = exit:1") == {
        Point.AFTER_COMMIT: Arm(Action.KILL, 0.02),
        Point.BEFORE_SEND: Arm(Action.PAUSE, 0.01, 0.5),
        Point.AFTER_SEND: Arm(Action.EXIT, 1.0),
    }


@pytest.mark.parametrize(
    "written",
    [
        "nowhere=kill:1",
        "after_commit",
        "after_commit=melt:1",
        "after_commit=kill",
        "after_commit=kill:2",
        "after_commit=kill:often",
        "after_commit=kill:1:1",
        "after_commit=pause:1",
        "after_commit=pause:-1:1",
    ],
)
def test_what_makes_no_sense_is_refused(written: str) -> None:
    with pytest.raises(InvalidFailpointsError, match=VARIABLE):
        arm_failpoints({VARIABLE: written}, LOOPBACK)


@pytest.mark.parametrize(
    "url", ["https://api.telegram.org", "http://10.0.0.7:8081", "http://telegram:8081", "", "http://[::2]/"]
)
async def test_nothing_is_armed_where_the_bot_api_is_not_on_loopback(url: str) -> None:
    with pytest.raises(InvalidFailpointsError, match="on loopback"):
        arm_failpoints({VARIABLE: "after_commit=error:1"}, url)
    await reach(Point.AFTER_COMMIT)


@pytest.mark.parametrize("url", [LOOPBACK, "http://localhost:1", "http://[::1]:1"])
async def test_an_armed_point_strikes_and_the_others_do_not(url: str) -> None:
    arm_failpoints({VARIABLE: "after_commit=error:1;before_commit=error:0"}, url)
    await reach(Point.BEFORE_COMMIT)
    await reach(Point.AFTER_SEND)
    with pytest.raises(FailpointError, match="after_commit"):
        await reach(Point.AFTER_COMMIT)


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}, {VARIABLE: "  "}])
async def test_without_the_variable_no_point_does_anything(environment: dict[str, str]) -> None:
    arm_failpoints(environment, "https://api.telegram.org")
    for point in Point:
        await reach(point)
