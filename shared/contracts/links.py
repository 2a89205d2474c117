"""Links that lead customers to the bot, with QR codes to print: the shop's, a service's, a specialist's."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec
from shared.contracts.booking import AddedServices


class ShowLinks(Command, kind="links.show", only_shows=True):
    """'Links and QR codes' under /admin: of which the link is wanted."""

    page: int = 0


class SendShopLink(Command, kind="setup.send_link"):
    """One link, as a picture to print: where neither is named, that of the shop."""

    specialist_id: int | None = None
    service_id: int | None = None
    added: AddedServices | None = None
    """What follows the service in the same visit; None: nothing does."""


class ChooseSeveral(Command, kind="links.several", only_shows=True):
    """'Several services': those whose link is wanted, chosen one after the other."""

    service_id: int | None = None
    added: AddedServices | None = None
    page: int = 0


CONTRACT = Contract(
    "links",
    (
        Spec(ShowLinks, ButtonForm("li")),
        Spec(SendShopLink, ButtonForm("sul")),
        Spec(ChooseSeveral, ButtonForm("li+")),
    ),
)
