"""Links for customers, as whoever runs the shop sees them."""

from collections.abc import Sequence
from typing import Final

from shared.contracts.admin import ShowAdmin
from shared.contracts.links import SendShopLink, ShowLinks
from shared.i18n.translator import Translator
from shared.telegram.client import Upload
from worker.links.repository import LinkTarget
from worker.ui.buttons import Page, menu, pager
from worker.ui.view import Button, Media, MediaType, View

A_PAGE: Final = 12


def links_button(texts: Translator) -> Button:
    """The way to the links."""
    return Button(texts.text("Links and QR codes"), ShowLinks())


def link_button(texts: Translator, specialist_id: int | None = None) -> Button:
    """The way to one link."""
    return Button(texts.text("Link and QR code"), SendShopLink(specialist_id=specialist_id))


def links(texts: Translator, targets: Sequence[LinkTarget], asked: ShowLinks) -> View:
    """Of what there are links, a page at a time."""
    page = Page.of(targets, asked.page, A_PAGE)
    text = texts.html(
        "<b>Links and QR codes</b>\nFor the shop window or a page of yours: who opens one is where it says."
    )
    shop = Button(texts.text("The whole shop"), SendShopLink())
    others = [[Button(each.name, _link_of(each))] for each in page.shown]
    back = Button(texts.text("« Back"), ShowAdmin())
    return View(text, [[shop], *others, pager(page, asked), [back]])


def _link_of(target: LinkTarget) -> SendShopLink:
    return SendShopLink(specialist_id=target.specialist_id, service_id=target.service_id)


def link(texts: Translator, address: str, target: LinkTarget | None, picture: Upload) -> View:
    """One link with its QR code."""
    if target is None:
        text = texts.html(
            "Customers find you here: {address}\nPut the link where they look for you, and print the code.",
            address=address,
        )
    elif target.service_id is None:
        text = texts.html(
            "Customers book with {specialist} here: {address}", specialist=target.name, address=address
        )
    else:
        text = texts.html("Customers book {service} here: {address}", service=target.name, address=address)
    return View(text, [[menu(texts)]], shows=Media(MediaType.PHOTO, picture))
