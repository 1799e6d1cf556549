"""Numbers that a person typed, in the notation of his language: «1.250,5» in Dutch, “1,250.5” in English."""

import math
import re

from babel.numbers import NumberFormatError, get_decimal_symbol, parse_decimal

LONGEST = 30


def typed_number(language: str, typed: str) -> float | None:
    """The number in what was typed, or `None` when there is none.

    A per cent sign counts (50% is 0.5), a euro sign and spaces do not. Where it cannot mean anything else, a decimal
    sign of the other notation is understood: 0.5 in Dutch.
    """
    plain = re.sub(r"[\s€\u00a0\u202f]", "", typed).replace("−", "-")
    hundredth = plain.endswith("%")
    plain = plain.removesuffix("%")
    if len(plain) > LONGEST or not re.fullmatch(r"[-+]?[0-9.,]+", plain):
        return None
    other = "." if get_decimal_symbol(language) == "," else ","
    try:
        value = float(parse_decimal(plain, locale=language, strict=True))
    except NumberFormatError:
        if not re.fullmatch(rf"[-+]?\d*{re.escape(other)}\d+", plain):
            return None
        value = float(plain.replace(other, "."))
    if not math.isfinite(value):
        return None
    return value / 100 if hundredth else value
