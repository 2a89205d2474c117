"""Links for customers, as whoever runs the shop sees them."""

from collections.abc import Sequence
from html import escape
from typing import Final

from shared.contracts.admin import ShowAdmin
from shared.contracts.booking import MOST_ADDED, AddedServices
from shared.contracts.links import ChooseSeveral, SendShopLink, ShowLinks
from shared.i18n.translator import Html, Translator
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


def links(texts: Translator, targets: Sequence[LinkTarget], asked: ShowLinks, *, several: bool) -> View:
    """Of what there are links, a page at a time; `several` where services can be one visit."""
    page = Page.of(targets, asked.page, A_PAGE)
    text = texts.html(
        "<b>Links and QR codes</b>\nFor the shop window or a page of yours: who opens one is where it says."
    )
    shop = Button(texts.text("The whole shop"), SendShopLink())
    others = [[Button(each.name, _link_of(each))] for each in page.shown]
    together = [Button(texts.text("Several services at once"), ChooseSeveral())] if several else []
    back = Button(texts.text("« Back"), ShowAdmin())
    return View(text, [[shop], *others, pager(page, asked), together, [back]])


def _link_of(target: LinkTarget) -> SendShopLink:
    return SendShopLink(specialist_id=target.specialist_id, service_id=target.service_id, added=target.added)


def several(texts: Translator, offered: Sequence[LinkTarget], chosen: LinkTarget | None, number: int) -> View:
    """Which services can be one visit with those that are chosen so far, a page at a time."""
    ids = _ids(chosen)
    others = [] if len(ids) > MOST_ADDED else [each for each in offered if each.service_id not in ids]
    page = Page.of(others, number, A_PAGE)
    title = texts.html(
        "<b>Several services at once</b>\nTap them in the order in which they follow each other."
    )
    lines = [title] if chosen is None else [title, Html(), Html(f"🔗 {escape(chosen.name)}")]
    choices = [[Button(each.name, _choosing(*ids, *_ids(each)))] for each in page.shown]
    send = []
    if chosen is not None and chosen.added is not None:
        send = [Button(texts.text("Link and QR code"), _link_of(chosen), style="success")]
    back = Button(texts.text("« Back"), _choosing(*ids[:-1]) if ids else ShowLinks())
    return View(Html("\n".join(lines)), [*choices, pager(page, _choosing(*ids)), send, [back]])


def _ids(target: LinkTarget | None) -> Sequence[int]:
    if target is None or target.service_id is None:
        return ()
    return (target.service_id, *(target.added.ids if target.added else ()))


def _choosing(*ids: int) -> ChooseSeveral:
    if not ids:
        return ChooseSeveral()
    first, *further = ids
    return ChooseSeveral(service_id=first, added=AddedServices(ids=tuple(further)) if further else None)


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
