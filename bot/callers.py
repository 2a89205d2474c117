"""Who may call the webhook, by address: where proxies stand in front, whom they say they speak for."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

type Address = IPv4Address | IPv6Address
type Networks = Collection[IPv4Network | IPv6Network]

FORWARDED: Final = "X-Forwarded-For"


class Callers:
    """Admits callers from some networks, or from everywhere where none are named."""

    def __init__(self, allowed: Networks = (), proxies: Networks = ()) -> None:
        self._allowed = allowed
        self._proxies = proxies

    def admit(self, peer: str | None, forwarded: Collection[str]) -> bool:
        """Tell whether to listen to a call from `peer` that came with these X-Forwarded-For headers."""
        if not self._allowed:
            return True
        caller = self._caller(peer, forwarded)
        return caller is not None and _within(caller, self._allowed)

    def _caller(self, peer: str | None, forwarded: Collection[str]) -> Address | None:
        """Go back from the nearest hop for as long as the hop is a proxy of ours; believe nobody else."""
        caller = _parse(peer or "")
        hops = [hop for header in forwarded for hop in header.split(",")]
        while hops and caller is not None and _within(caller, self._proxies):
            caller = _parse(hops.pop())
        return caller


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)
