from ipaddress import ip_network

import pytest

from bot.callers import Callers

TELEGRAM = [ip_network("149.154.160.0/20"), ip_network("91.108.4.0/22")]
PROXIES = [ip_network("172.16.0.0/12"), ip_network("fd00::/8")]
THEIRS, OTHER, PROXY = "149.154.167.220", "203.0.113.7", "172.18.0.5"


@pytest.mark.parametrize(
    ("peer", "forwarded", "admitted"),
    [
        (THEIRS, [], True),
        (f"::ffff:{THEIRS}", [], True),
        (OTHER, [], False),
        (None, [], False),
        # Whoever is no proxy of ours may claim what they like.
        (OTHER, [THEIRS], False),
        (THEIRS, [OTHER], True),
        (PROXY, [THEIRS], True),
        (PROXY, [OTHER], False),
        (PROXY, [], False),
        # The nearest hop counts: what stands before it, the caller wrote.
        (PROXY, [f"{THEIRS}, {OTHER}"], False),
        (PROXY, [f"{OTHER}, {THEIRS}"], True),
        (PROXY, [THEIRS, OTHER], False),
        (PROXY, [f"{THEIRS}, 172.18.0.9"], True),
        ("fd00::1", [THEIRS], True),
        (PROXY, ["unknown"], False),
        (PROXY, [f"{THEIRS}:443"], False),
        (PROXY, [""], False),
    ],
)
def test_only_telegram_is_listened_to(peer: str | None, forwarded: list[str], *, admitted: bool) -> None:
    assert Callers(TELEGRAM, PROXIES).admit(peer, forwarded) is admitted


def test_without_a_list_everyone_is() -> None:
    assert Callers().admit(OTHER, [])
    assert Callers((), PROXIES).admit(None, ["nonsense"])


def test_without_proxies_the_header_means_nothing() -> None:
    assert not Callers(TELEGRAM).admit(PROXY, [THEIRS])
