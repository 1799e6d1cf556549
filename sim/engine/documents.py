"""Reading YAML files that a stranger may have written.

A document is plain data: mappings with text keys, lists, text, whole and decimal numbers, yes/no and nothing. It is
read from the parser's events
rather than by a loader, so that what is not plain data (tags, anchors, aliases, a second document, repeated keys) is
refused before anything is
built. Scalars follow the YAML 1.2 core schema: `2027-01` and `no` are text, `true` is a yes, `1_000` is text.

Whatever is wrong becomes an `InputError`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sim.engine.problems import InputError, hidden, one_line, shown

__all__ = ["MAXIMUM_BYTES", "MAXIMUM_DEPTH", "InputError", "parse_document", "read_document"]

MAXIMUM_BYTES = 1_000_000
MAXIMUM_DEPTH = 32
MAXIMUM_WHOLE_NUMBER = 2**53

# The C parser is some ten times faster; both give the same events.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NOTHING = re.compile(r"~|null|Null|NULL|")
_YES = re.compile(r"true|True|TRUE")
_NO = re.compile(r"false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read_document(path: str | Path) -> dict[str, Any]:
    """The mapping in a YAML file of at most one megabyte.

    Raises `InputError` when the file cannot be read or is not one plain mapping.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError(path, "file", "is a folder; a file is needed", "is een map; nodig is een bestand")
        if not path.is_file():
            raise InputError(path, "file", "there is no such file", "dit bestand is er niet")
        with path.open("rb") as stream:
            raw = stream.read(MAXIMUM_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(path, "file", "the file cannot be read", "het bestand kan niet worden gelezen") from None
    return parse_document(raw, path)


def parse_document(raw: bytes | str, file: str | Path) -> dict[str, Any]:
    """The mapping in `raw` (bytes, or text that was already decoded); `file` is the name that messages carry."""
    text = _decoded(raw, file)
    value = _Builder(file).build(text)
    if value is None:
        raise InputError(file, "file", "the file is empty; it must hold a mapping (field: value)",
                         "het bestand is leeg; er moet iets in staan als veld: waarde")  # fmt: skip
    if not isinstance(value, dict):
        raise InputError(file, "file", f"holds {shown(value)}; it must hold a mapping (field: value)",
                         "het bestand moet bestaan uit regels als veld: waarde")  # fmt: skip
    return value


def _decoded(raw: bytes | str, file: str | Path) -> str:
    if isinstance(raw, str):
        raw = raw.encode("utf-8", errors="surrogatepass")
    if len(raw) > MAXIMUM_BYTES:
        raise InputError(file, "file", "larger than 1 MB, the most that is allowed",
                         "groter dan 1 MB; meer mag niet")  # fmt: skip
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(file, "file", "not text in UTF-8", "geen tekst in UTF-8") from None
    if "\x00" in text:
        raise InputError(file, "file", "not a text file", "geen tekstbestand")
    return text.replace("\r\n", "\n")


class _Builder:
    """Builds plain data from parser events; knows the path of what it is building."""

    def __init__(self, file: str | Path) -> None:
        self.file = file

    def refuse(self, field: str, event: Any, en: str, nl: str) -> InputError:
        mark = getattr(event, "start_mark", None)
        line = f" (line {mark.line + 1})" if mark is not None else ""
        regel = f" (regel {mark.line + 1})" if mark is not None else ""
        return InputError(self.file, field or "file", en + line, nl + regel)

    def build(self, text: str) -> Any:
        try:
            events = self._events(text)
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if event.tags:
                        raise self.refuse("", event, "tags are not allowed", "tags zijn niet toegestaan")
                    value = self._value(next(events), events, "", 1)
                    self._nothing_follows(events)
                    return value
            return None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"line {mark.line + 1}" if mark is not None else "file"
            detail = getattr(error, "problem", None) or "unexpected text"
            raise InputError(
                self.file,
                where,
                f"not valid YAML: {shown(detail)}",
                "geen geldige YAML; kijk daar naar inspringing, dubbele punten en aanhalingstekens",
            ) from None
        except (ValueError, OverflowError, IndexError, AttributeError, UnicodeError, RecursionError) as error:
            # A parser that stumbles over hostile text must not reach the person as its own exception.
            if isinstance(error, InputError):
                raise
            raise InputError(self.file, "file", "not valid YAML", "geen geldige YAML") from None

    @staticmethod
    def _events(text: str) -> Iterator[Any]:
        return iter(yaml.parse(text, Loader=_PARSER))

    def _nothing_follows(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise self.refuse("", event, "holds more than one document; one is allowed",
                                  "bevat meer dan één document; er mag er één zijn")  # fmt: skip

    def _value(self, event: Any, events: Iterator[Any], field: str, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self.refuse(field, event, "anchors (&) and aliases (*) are not allowed; write the value out",
                              "ankers (&) en verwijzingen (*) zijn niet toegestaan; schrijf de waarde uit")  # fmt: skip
        if getattr(event, "tag", None) is not None:
            raise self.refuse(field, event, f"the tag '{shown(event.tag)}' is not allowed; leave it out",
                              f"de tag '{shown(event.tag)}' is niet toegestaan; laat die weg")  # fmt: skip
        if depth > MAXIMUM_DEPTH:
            raise self.refuse(one_line(field, 60), event, f"nested deeper than {MAXIMUM_DEPTH} levels",
                              f"dieper genest dan {MAXIMUM_DEPTH} lagen")  # fmt: skip
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, field)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, field, depth)
        return self._mapping(events, field, depth)

    def _list(self, events: Iterator[Any], field: str, depth: int) -> list[Any]:
        values: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, events, f"{field}[{len(values) + 1}]", depth + 1))
        return values

    def _mapping(self, events: Iterator[Any], field: str, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor is not None:
                raise self.refuse(field, event, "a field's name must be plain text",
                                  "de naam van een veld moet gewone tekst zijn")  # fmt: skip
            key = self._text(event, event.value, field)
            path = f"{field}.{key}" if field else key
            if not key:
                raise self.refuse(field, event, "a field without a name", "een veld zonder naam")
            if key in values:
                raise self.refuse(path, event, "written twice; write it once", "staat er twee keer; één keer mag")
            values[key] = self._value(next(events), events, path, depth + 1)
        return values

    def _scalar(self, event: Any, field: str) -> Any:
        text: str = event.value
        if not event.implicit[0]:
            return self._text(event, text, field)
        if _NOTHING.fullmatch(text):
            return None
        if _YES.fullmatch(text):
            return True
        if _NO.fullmatch(text):
            return False
        if _WHOLE.fullmatch(text):
            return self._whole(event, text, field)
        if _NOT_FINITE.fullmatch(text):
            raise self.refuse(
                field, event, f"'{shown(text)}' is not a finite number", f"'{shown(text)}' is geen eindig getal"
            )
        if _DECIMAL.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                raise self.refuse(
                    field, event, f"the number {shown(text)} is too large", f"het getal {shown(text)} is te groot"
                )
            return number
        return self._text(event, text, field)

    def _whole(self, event: Any, text: str, field: str) -> int:
        # Digits are counted first: turning thousands of digits into a number is itself an attack.
        if len(text) <= 40:
            number = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            if abs(number) <= MAXIMUM_WHOLE_NUMBER:
                return number
        raise self.refuse(
            field, event, f"the number {shown(text)} is too large", f"het getal {shown(text)} is te groot"
        )

    def _text(self, event: Any, text: str, field: str) -> str:
        if any(hidden(character) for character in text if character not in "\n\t"):
            raise self.refuse(field, event, "holds control characters; only ordinary text is allowed",
                              "bevat stuurtekens; alleen gewone tekst mag")  # fmt: skip
        return text
