"""What the peers do with a tap: aiogram handlers over SQLAlchemy's ORM, as its documentation shows them.

The same replies as Bellhop's and the same rows in the same tables: the day's free times, and a booking with
its event, its promises and its mark that the update took effect. Reminders are left to somebody else.
"""

from datetime import UTC, datetime, time, timedelta

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from icalendar import Calendar, Event
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shared.buttons import pack, unpack
from shared.contracts.booking import Book, ShowDay, ShowSummary
from tests.kit.business import BUSINESS_ID
from worker.db.models.booking import LIVE, Booking, BookingEvent, Status
from worker.db.models.catalogue import Location, Service, Specialist, WorkingHours
from worker.db.models.delivery import Outbox, ProcessedUpdate, State, SubjectType
from worker.db.models.people import Person

type Sessions = async_sessionmaker[AsyncSession]

router = Router()


def make_bot(token: str, api: str) -> Bot:
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))


def make_dispatcher(database_url: str) -> Dispatcher:
    engine = create_async_engine(database_url)
    dispatcher = Dispatcher(sessions=async_sessionmaker(engine, expire_on_commit=False))
    dispatcher.include_router(router)
    return dispatcher


@router.callback_query(F.data.startswith("d:"))
async def show_day(query: CallbackQuery, sessions: Sessions) -> None:
    asked = unpack(query.data or "")
    assert isinstance(asked, ShowDay)
    assert isinstance(query.message, Message)
    midnight = datetime.combine(asked.day, time(), UTC)
    async with sessions() as session:
        service = await session.get_one(Service, (BUSINESS_ID, asked.service_id))
        specialist = await session.get_one(Specialist, (BUSINESS_ID, asked.specialist_id))
        hours = await session.get(WorkingHours, (BUSINESS_ID, specialist.id, asked.day.weekday()))
        found = await session.scalars(
            select(Booking.busy).where(
                Booking.specialist_id == specialist.id,
                Booking.status.in_(LIVE),
                Booking.busy.overlaps(Range(midnight, midnight + timedelta(days=1))),
            )
        )
        booked = list(found)
    starts = []
    for window in hours.minutes if hours else ():
        for minute in range(window.lower or 0, (window.upper or 0) - service.duration + 1, service.step):
            start = midnight + timedelta(minutes=minute)
            taken = Range(start, start + timedelta(minutes=service.duration + service.buffer_after))
            if start > datetime.now(UTC) and not any(taken.overlaps(busy) for busy in booked):
                starts.append(start)
    buttons = [
        InlineKeyboardButton(
            text=f"{start:%H:%M}",
            callback_data=pack(ShowSummary(service_id=service.id, specialist_id=specialist.id, start=start)),
        )
        for start in starts
    ]
    rows = [buttons[first : first + 4] for first in range(0, len(buttons), 4)]
    text = f"<b>{service.name}</b>, {specialist.name}\n{asked.day:%A, %d %B}: choose a time."
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    await query.message.edit_text(text, parse_mode="HTML", reply_markup=markup)
    await query.answer()


@router.callback_query(F.data.startswith("ok:"))
async def book(query: CallbackQuery, sessions: Sessions, event_update: Update, bot: Bot) -> None:
    asked = unpack(query.data or "")
    assert isinstance(asked, Book)
    assert isinstance(query.message, Message)
    try:
        async with sessions.begin() as session:
            written = await write(session, query, asked, (bot.id, event_update.update_id))
    except IntegrityError:
        await query.answer("Somebody was faster.", show_alert=True)
        return
    if written is None:
        return
    booking, service, promised, address = written
    text = f"<b>{service.name}</b>\n{asked.start:%A, %d %B, %H:%M}\n{address}\n{service.price} EUR"
    cancel = InlineKeyboardButton(text="Cancel", callback_data=f"c:{booking.id}:1")
    markup = InlineKeyboardMarkup(inline_keyboard=[[cancel]])
    await query.message.edit_text(text, parse_mode="HTML", reply_markup=markup)
    await query.answer("Booked!")
    file = BufferedInputFile(calendar(booking, service, asked.start, address), "visit.ics")
    sent = await query.message.answer_document(file, caption="For your calendar.")
    async with sessions.begin() as session:
        done = update(Outbox).where(Outbox.id.in_([row.id for row in promised]))
        await session.execute(done.values(state=State.SENT, sent_at=datetime.now(UTC)))
        shown = {"card_message_id": query.message.message_id, "calendar_message_id": sent.message_id}
        await session.execute(update(Booking).where(Booking.id == booking.id).values(shown))


async def write(
    session: AsyncSession, query: CallbackQuery, asked: Book, taken: tuple[int, int]
) -> tuple[Booking, Service, list[Outbox], str] | None:
    """Write the booking and all that belongs to it; None where the update took effect before."""
    fence = insert(ProcessedUpdate).values(bot_id=taken[0], update_id=taken[1])
    if await session.scalar(fence.on_conflict_do_nothing().returning(ProcessedUpdate.update_id)) is None:
        return None
    who, now = query.from_user, datetime.now(UTC)
    described = {"first_name": who.first_name, "language_hint": who.language_code}
    await session.merge(Person(business_id=BUSINESS_ID, id=who.id, **described))
    service = await session.get_one(Service, (BUSINESS_ID, asked.service_id))
    location = (await session.scalars(select(Location).limit(1))).one()
    end = asked.start + timedelta(minutes=service.duration)
    booking = Booking(
        business_id=BUSINESS_ID,
        service_id=service.id,
        specialist_id=asked.specialist_id,
        location_id=location.id,
        customer_id=who.id,
        during=Range(asked.start, end),
        busy=Range(asked.start, end + timedelta(minutes=service.buffer_after)),
        status=Status.CONFIRMED,
        price=service.price,
        currency="EUR",
    )
    session.add(booking)
    await session.flush()
    about = {"business_id": BUSINESS_ID, "booking_id": booking.id, "actor_id": who.id}
    session.add(BookingEvent(**about, kind="booked", source="chat", data={}))
    promised = [promise(booking, kind, now) for kind in ("booking.card", "booking.calendar")]
    later = [asked.start - timedelta(minutes=offset) for offset in service.reminders]
    session.add_all([*promised, *(promise(booking, "peer.reminder", at) for at in later if at > now)])
    await session.flush()
    return booking, service, promised, location.address


def promise(booking: Booking, kind: str, at: datetime) -> Outbox:
    key = f"{kind}:{booking.id}:{at.timestamp():.0f}"
    return Outbox(
        business_id=BUSINESS_ID,
        kind=kind,
        chat_id=booking.customer_id,
        subject_type=SubjectType.BOOKING,
        subject_id=booking.id,
        payload={},
        dedupe_key=key,
        due_at=at,
    )


def calendar(booking: Booking, service: Service, start: datetime, address: str) -> bytes:
    event = Event()
    event.add("uid", f"{booking.id}@bench")
    event.add("summary", service.name)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=service.duration))
    event.add("location", address)
    file = Calendar()
    file.add_component(event)
    return bytes(file.to_ical())
