"""What a change of the shop does is shown first, and just that is done; who may not change it does not."""

from datetime import timedelta
from decimal import Decimal

from shared.buttons import unpack
from shared.contracts.base import DraftRef
from shared.contracts.editing import (
    AddEntry,
    AnswerField,
    ApplyChange,
    AskField,
    ChooseFate,
    ExportBusiness,
    ProposeEntry,
    RemoveEntry,
    ShowEntry,
    ShowSection,
    UndoChange,
)
from tests.worker.editing.chatting import Keeper, document
from tests.worker.shop import ADMIN, ALICE, ANNA, FILE, OWNER
from worker.business.apply import apply_document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import Sessions
from worker.db.models.booking import Status
from worker.price import Price


def price(amount: int) -> Price:
    return Price.exact(Decimal(amount))


async def test_of_two_admins_the_second_sees_what_the_first_did(keeper: Keeper) -> None:
    shop, other = keeper.stage.shop, Keeper(keeper.stage, ADMIN)
    await keeper.open("Services", "Cut", "Price")
    assert "€35 → €40" in await keeper.say("40")
    older = keeper.found("Apply")
    await other.open("Services", "Cut", "Price")
    assert "€35 → €50" in await other.say("50")
    await other.press("Apply")
    said = (await keeper.tap(older)).text
    assert "Nothing was applied" in said
    assert "€50 → €40" in said
    assert (await document(shop)).services[0].price == price(50)
    assert "discarded or changed already" in str((await keeper.tap(older)).toast)
    await keeper.press("Apply")
    assert (await keeper.tap(older)).alert
    await other.open("Services", "Cut", "Duration")
    await other.say("1h")
    await other.press("Apply")
    found = (await document(shop)).services[0]
    assert (found.price, found.duration) == (price(40), 60)
    assert "cannot be undone any more: the business has been changed" in await keeper.press("Undo")
    assert (await document(shop)).services[0].duration == 60


async def test_other_times_are_offered_only_where_nobody_is_there(keeper: Keeper) -> None:
    stage = keeper.stage
    await stage.book()
    await keeper.open("Services", "Cut", "Price")
    assert "stays as it was booked: Price" in await keeper.say("40")
    assert keeper.labels == ["Apply", "Discard"]
    message, data = keeper.found("Apply")
    old = unpack(data)
    assert isinstance(old, ApplyChange)
    told = stage.texts(ANNA)
    await stage.tap(old.model_copy(update={"offers": True}), OWNER, message)
    await stage.advance(timedelta(minutes=1))
    assert stage.texts(ANNA) == told
    assert (await document(stage.shop)).services[0].price == price(40)
    assert any(text.startswith("Done.") for text in stage.texts(OWNER))


async def test_what_closes_of_a_service_that_was_offered_at_any_time_is_said(keeper: Keeper) -> None:
    await keeper.open("Services", "Yoga", "Hours", "Su")
    await keeper.say("9-12")
    assert "Yoga changes\nHours: at any time → Su 09:00-12:00\n" in await keeper.press("Done") + "\n"
    await keeper.press("Apply")
    assert "Hours: Su 09:00-12:00 → at any time" in await keeper.press("Undo")


async def test_what_hangs_on_a_service_is_decided_before_it_goes(keeper: Keeper) -> None:
    stage = keeper.stage
    visit = await stage.book()
    said = await keeper.open("Services", "Cut", "Remove")
    assert "Cut is no longer offered" in said
    assert "1 visit coming: for 'Cut', which is no longer offered" in said
    assert not any(label.startswith("Apply") for label in keeper.labels)
    assert "1 visit stays booked." in await keeper.press("They stay booked")
    assert "Apply" in keeper.labels
    await keeper.press("Discard")
    await keeper.open("Services", "Cut", "Remove", "Cancel them")
    assert "❌ 1 visit is cancelled, and its customer reads:\n💬 We closed" in await keeper.say("We closed")
    applied = await keeper.press("Apply")
    assert "Done." in applied
    assert "Undo" not in keeper.labels, "a customer was told"
    assert (await stage.shop.booking(visit)).status == Status.CANCELLED
    await stage.advance(timedelta(minutes=1))
    assert any("We closed" in text for text in stage.texts(ANNA))
    found = await document(stage.shop)
    assert [each.name for each in found.services] == ["Steam", "Yoga", "Dance"]
    assert "Cut" not in found.specialists[0].services


async def test_names_order_and_what_comes_back(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.open("Services", "Cut", "Name")
    assert "“Steam” does not fit" in await keeper.say("Steam")
    await keeper.say("Haircut")
    await keeper.press("Apply")
    assert list((await document(shop)).specialists[1].services) == ["Haircut"]
    await keeper.open("Services", "Haircut", "↓ Down", "Apply")
    assert [each.name for each in (await document(shop)).services][:2] == ["Steam", "Haircut"]
    await keeper.open("Services", "Yoga", "Remove", "Apply")
    assert len((await document(shop)).services) == 3
    assert "Yoga is back again" in await keeper.press("Undo")
    assert [each.name for each in (await document(shop)).services] == ["Steam", "Haircut", "Yoga", "Dance"]
    await keeper.open("Services", "Dance", "Places in one visit", "8", "Apply")
    await keeper.stage.advance(timedelta(minutes=6))
    message, data = keeper.found("Undo")
    assert "cannot be undone" in str((await keeper.tap((message, data))).toast)


async def test_a_place_that_somebody_needs_is_not_removed(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    places = b"locations: [{name: Main street, address: 1 Main St}, {name: Side street}]"
    with_two = FILE.replace(
        b"locations: [{name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}]", places
    ).replace(
        b"Steam, Yoga, Dance], hours",
        b"Steam, Yoga, Dance], locations: {mon-sat: Main street, sun: Side street}, hours",
    )
    await apply_document(shop.sessions, read_document(with_two, "b.yaml"), shop.clock)
    assert "“Alice” would not make sense" in await keeper.open("Places", "Side street", "Remove")
    assert len((await document(shop)).locations) == 2


async def test_who_does_not_run_the_shop_changes_nothing(keeper: Keeper) -> None:
    stage = keeper.stage
    before = await document(stage.shop)
    for person in (ALICE, ANNA):
        other = Keeper(stage, person)
        for command in (
            ShowSection(section="services"),
            ShowEntry(section="services", number=1),
            AskField(section="services", number=1, field="price"),
            AnswerField(section="services", number=1, field="price", value="1"),
            ExportBusiness(),
        ):
            assert "This is for administrators." in await other.send(command)
    admin = Keeper(stage, ADMIN)
    assert "for owners" in await admin.send(AskField(section="roles", field="owner"))
    assert "for owners" in await admin.send(
        AnswerField(section="roles", field="owner", member="+", value="1003")
    )
    await admin.open("Business")
    assert "Roles" not in admin.labels
    assert await document(stage.shop) == before


async def test_forged_and_stale_buttons_get_a_sentence(keeper: Keeper) -> None:
    stage = keeper.stage
    number = stage.shop.services["Cut"]
    for command in (
        ShowSection(section="x"),
        ShowSection(section="roles"),
        ShowSection(section="services", field="x"),
        ShowEntry(section="services", number=999),
        ShowEntry(section="x"),
        AskField(section="services", number=999, field="price"),
        AskField(section="services", number=number, field="x"),
        AskField(section="services", number=number, field="id"),
        AskField(section="services", number=number, field="price", member="7"),
        AskField(section="specialists", number=number, field="services", member="x"),
        AskField(section="specialists", number=number, field="hours", member="9", detail="minutes"),
        AskField(section="specialists", number=number, field="hours", member="1", detail="x"),
        AskField(section="specialists", number=number, field="exceptions", member="never"),
        AnswerField(section="services", field="name", value="Beard"),
        ProposeEntry(section="services", number=number),
        AddEntry(section="business"),
        RemoveEntry(section="limits", number=0),
        RemoveEntry(section="services", number=999),
    ):
        assert "not there any more" in await keeper.send(command), command
    ref = DraftRef(id=999, version=1)
    for tapped in (ApplyChange(draft=ref), ChooseFate(draft=ref, choice="keep"), UndoChange(draft=ref)):
        assert (await stage.tap(tapped, OWNER)).alert


async def test_anothers_proposal_is_nobodys(keeper: Keeper) -> None:
    await keeper.open("Services", "Cut", "Price")
    await keeper.say("40")
    _, data = keeper.found("Apply")
    other = Keeper(keeper.stage, ADMIN)
    screen = await keeper.stage.screen(ADMIN)
    assert (await other.tap((screen, data))).alert
    assert (await document(keeper.stage.shop)).services[0].price == price(35)


async def test_in_russian_it_is_russian(keeper: Keeper) -> None:
    keeper.stage.languages[OWNER] = "ru"
    await keeper.stage.book()
    await keeper.open("Услуги", "Cut", "Мест на одном визите")
    assert [each for each in keeper.labels if "1" in each] == ["12", "Обычно: 1"]
    await keeper.open("Услуги", "Cut", "Цена")
    assert "сюда не подходит" in await keeper.say("дорого")
    said = await keeper.say("от 1 040 евро")
    assert "Cut: изменения\nЦена: 35 € → от 1 040 €" in said
    assert "для которых остаётся как при записи: Цена" in said
    assert "«Вернуть как было»" in await keeper.press("Применить")
    await keeper.open("Мастера", "Alice")
    assert keeper.labels[0] == "Имя: Alice"
    await keeper.walk("Отдельные даты", "Добавить")
    assert "чт, 24 дек." in await keeper.say("24 декабря")
    await keeper.say("закрыто")
    assert "Alice: изменения" in await keeper.press("Готово")
    await keeper.walk("Применить", "« Назад")
    assert "Отдельные даты: чт, 24 дек." in keeper.labels
    await keeper.walk("Часы работы", "Написать")
    assert "Alice: изменения" in await keeper.say("пн-пт 9-18; сб 10-14")


async def test_the_export_of_a_shop_made_by_taps_makes_the_same_shop(
    keeper: Keeper, elsewhere: Sessions
) -> None:
    shop = keeper.stage.shop
    await keeper.open("Services", "Add")
    await keeper.say("Beard: short, and long")
    await keeper.walk("15 min", "Apply")
    await keeper.open("Specialists", "Bob", "Services", "Beard", "Done", "Apply")
    await keeper.open("Export")
    [file] = [each["document"] for each in keeper.stage.messages(OWNER) if "document" in each]
    assert file["file_name"] == "business.yaml"
    exported = keeper.stage.telegram.emulator.world.files[file["file_id"]].data
    again = read_document(exported, "export")
    assert again == await document(shop)
    await apply_document(elsewhere, again, shop.clock)
    async with elsewhere() as session:
        copied = (await read_business(session)).document
    assert copied is not None
    assert write_document(copied).encode() == exported


async def test_many_services_are_gone_through_in_pages(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    more = b"".join(b"  - {name: S%02d, duration: 30m}\n" % number for number in range(45))
    await apply_document(
        shop.sessions,
        read_document(FILE.replace(b"specialists:\n", more + b"specialists:\n"), "b"),
        shop.clock,
    )
    await keeper.open("Specialists", "Bob", "Services")
    assert "S44" not in keeper.labels
    await keeper.walk("›", "S44")
    assert "✓ S44" in keeper.labels, "it is the same page"
    await keeper.walk("Done", "Apply")
    assert list((await document(shop)).specialists[1].services) == ["Cut", "S44"]


async def test_what_no_longer_fits_when_it_is_done_is_said_to(keeper: Keeper) -> None:
    other = Keeper(keeper.stage, ADMIN)
    await keeper.open("Hours", "Alice", "Mo–Fr 09:00", "Done", "Apply")
    await keeper.open("Specialists", "Alice", "Places", "Main street", "✓ Main street", "Mo–Fr")
    await other.open("Hours", "Alice", "Mo–Su", "Done", "Apply")
    assert "does not fit that" in await keeper.press("Done")
    assert (await document(keeper.stage.shop)).specialists[0].locations == {}
    assert "not there any more" in await keeper.send(
        ProposeEntry(section="specialists", number=keeper.stage.shop.specialists["Alice"])
    )
