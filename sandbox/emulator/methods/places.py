"""Places that a bot sends: points on the map, and venues with a name and an address."""

import math

from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call
from sandbox.emulator.world import Json

MAX_LATITUDE, MAX_LONGITUDE = 90, 180
MAX_ACCURACY_METERS = 1500
LIVE_SECONDS = range(60, 86_400 + 1)
LIVE_FOREVER = 0x7FFFFFFF
PROVIDERS = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")


def location(call: Call) -> Json:
    """Return the Location a call sends, perhaps a live one; raises ApiError."""
    point = _point(call, "wrong location specified")
    if not (seconds := call.params.integer("live_period")):
        return point
    if seconds not in LIVE_SECONDS and seconds != LIVE_FOREVER:
        raise bad_request("wrong live location period specified")
    return {**point, "live_period": seconds}


def venue(call: Call) -> Json:
    """Return the Venue a call sends; raises ApiError."""
    point = _point(call, "wrong venue location specified")
    words = {name: call.params.text(name).strip() for name in ("title", "address")}
    for name, text in words.items():
        if not text:
            raise bad_request(f"{name} is empty")
    known = {name: text for name in PROVIDERS if (text := call.params.text(name))}
    return {"location": point, **words, **known}


def _point(call: Call, refusal: str) -> Json:
    degrees: dict[str, float] = {}
    for name, limit in (("latitude", MAX_LATITUDE), ("longitude", MAX_LONGITUDE)):
        if not call.params.text(name).strip():
            raise bad_request(f"{name} is empty")
        value = call.params.number(name) or 0.0
        if not math.isfinite(value) or abs(value) > limit:
            raise bad_request(refusal)
        degrees[name] = value
    accuracy = call.params.number("horizontal_accuracy") or 0.0
    if 0 < accuracy <= MAX_ACCURACY_METERS:
        return {**degrees, "horizontal_accuracy": accuracy}
    return dict(degrees)
