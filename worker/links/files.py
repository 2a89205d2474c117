"""The QR code of a link, as a picture to print."""

from io import BytesIO
from typing import Final

from shared.telegram.client import Upload

SCALE: Final = 20
"""Pixels of the smallest square: sharp on a sheet of paper."""
QUIET: Final = 4
"""Squares of white around it, without which no reader finds it: ISO/IEC 18004."""


def qr_code(address: str) -> Upload:
    """Draw an address; a quarter of the code may be soiled."""
    import segno  # noqa: PLC0415 - only a worker that draws one pays for it

    picture = BytesIO()
    segno.make(address, error="q", micro=False).save(picture, kind="png", scale=SCALE, border=QUIET)
    return Upload("qr-code.png", picture.getvalue(), "image/png")
