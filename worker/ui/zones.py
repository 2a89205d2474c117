"""Time zones as people know them: by the cities that have their clock."""

from typing import Final

from babel.core import get_global

from shared.i18n.translator import Translator

REGIONS: Final = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
"""What the names of zones begin with where people live."""


def zones_of(region: str, texts: Translator) -> list[tuple[str, str]]:
    """Return a region's zones by the names of their cities, each with its own name."""
    known = [zone for zone in get_global("zone_territories") if zone.startswith(f"{region}/")]
    return sorted((texts.place_of(zone), zone) for zone in known)


def zone_at(latitude: float, longitude: float) -> str | None:
    """Return the zone of a point, in degrees; None at sea, and where nobody lives."""
    import tzfpy  # noqa: PLC0415 - its map takes 35 MB: only who is shown a place pays for it

    zone: str = tzfpy.get_tz(longitude, latitude)
    return zone if zone.startswith(tuple(f"{region}/" for region in REGIONS)) else None


def zone_named(text: str, texts: Translator) -> str:
    """Return the zone of a city, by its name in the person's language or in the zone's; else the text."""
    wanted = text.strip().casefold()
    for region in REGIONS:
        for city, zone in zones_of(region, texts):
            own = zone.rpartition("/")[2].replace("_", " ").casefold()
            if wanted in {city.casefold(), own}:
                return zone
    return text
