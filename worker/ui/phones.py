"""Phone numbers as people type them, and as everybody can call them."""

from babel.core import get_global


def country_of(zone: str) -> str | None:
    """Return the country whose phone numbers need no prefix where the clocks show that zone's time."""
    found: str | None = get_global("zone_territories").get(zone)
    return found


def e164(typed: str, country: str | None) -> str | None:
    """Write a phone number as everybody can call it, `+4915112345678`; None of one that nobody can have.

    Without a prefix it is one of the country.
    """
    import phonenumbers  # noqa: PLC0415 - only who writes numbers down pays for it

    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def example_phone(country: str | None) -> str:
    """Return a number as people of a country write theirs, for a hint."""
    import phonenumbers  # noqa: PLC0415 - as above

    number = phonenumbers.example_number_for_type(country or "GB", phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else ""
