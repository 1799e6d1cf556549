"""What is too long to be read in an address, packed: JSON, compressed, as letters and digits.

    1.eNqrVkpUslJQKi1OLVKqBQAc3wQp

The figure before the point is the version of the packing. Whatever comes in is treated as a stranger's: it is unpacked
to at most `MOST_BYTES`, and must be one JSON object of plain values.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

VERSION = "1"
MOST_BYTES = 60_000


class DamagedError(ValueError):
    """The packed part of an address cannot be read."""


class NewerError(ValueError):
    """The packed part of an address was made by a later version of this page."""


def packed(data: Mapping[str, Any]) -> str:
    """Data as a short text that may stand in an address."""
    raw = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return f"{VERSION}.{base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip('=')}"


def unpacked(text: str) -> dict[str, Any]:
    """The inverse of `packed`. Raises `DamagedError`, or `NewerError` when the version is not one of ours."""
    version, point, body = text.partition(".")
    if not point or not version.isdecimal() or len(version) > 3:
        raise DamagedError("no version")
    if version != VERSION:
        raise NewerError(version)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        inflating = zlib.decompressobj()
        plain = inflating.decompress(raw, MOST_BYTES)
        if inflating.unconsumed_tail or not inflating.eof:
            raise DamagedError("too large, or cut off")
        data = json.loads(plain.decode(), parse_constant=_refuse)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise DamagedError(str(error)) from None
    if not isinstance(data, dict):
        raise DamagedError("not an object")
    return data


def _refuse(constant: str) -> None:
    raise DamagedError(f"{constant} is not a number")
