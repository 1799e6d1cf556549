"""Reading YAML files that a stranger may have written.

A document is plain data: mappings with text keys, lists, text, whole and decimal numbers, yes/no and nothing. It is read from the parser's events
rather than by a loader, so that what is not plain data (tags, anchors, aliases, a second document, repeated keys) is refused before anything is
built. Scalars follow the YAML 1.2 core schema: `2027-01` and `no` are text, `true` is a yes, `1_000` is text.

Whatever is wrong becomes an `InputError`: one line that names the file and the field, says what is wrong and what is allowed, in Dutch or English.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ValidationError

MAXIMUM_BYTES = 1_000_000
MAXIMUM_DEPTH = 32
MAXIMUM_WHOLE_NUMBER = 2**53
SHOWN_CHARACTERS = 80

# The C parser is some ten times faster; both give the same events.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NOTHING = re.compile(r"~|null|Null|NULL|")
_YES = re.compile(r"true|True|TRUE")
_NO = re.compile(r"false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class Problem(NamedTuple):
    """What is wrong and what is allowed, as half a sentence in each language."""

    en: str
    nl: str


class Refusal(ValueError):
    """Raised inside a check of a model; `check` turns it into an `InputError`.

    `field` is the dotted path below the model that raised it, where the check knows it better than pydantic does.
    """

    def __init__(self, en: str, nl: str, field: str = "") -> None:
        super().__init__(en)
        self.problem = Problem(en, nl)
        self.field = field


class InputError(ValueError):
    """Bad input: `FILE: FIELD: what is wrong, and what is allowed`, on one line.

    `problem` is English, `problem_nl` Dutch (the English text where no Dutch was given).
    """

    def __init__(self, file: str | Path, field: str, problem: str, problem_nl: str | None = None) -> None:
        self.file = one_line(str(file))
        self.field = one_line(field) or "file"
        self.problem = one_line(problem, limit=1000)
        self.problem_nl = one_line(problem_nl, limit=1000) if problem_nl is not None else self.problem
        super().__init__(f"{self.file}: {self.field}: {self.problem}")

    def sentence(self, language: str) -> str:
        """The whole line in `language` ('nl' or 'en')."""
        return f"{self.file}: {self.field}: {self.problem_nl if language == 'nl' else self.problem}"


def one_line(text: str, limit: int = 300) -> str:
    """`text` without control characters, surrogates, direction marks and line ends, cut at `limit` characters."""
    kept = "".join(" " if character in "\n\r\t\u2028\u2029" else character for character in text[: 4 * limit])
    clean = " ".join("".join(character for character in kept if not _hidden(character)).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def shown(value: object) -> str:
    """A value as a person may read it in a message: short, and on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return one_line(str(value), limit=SHOWN_CHARACTERS)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a person most likely meant, if one is near enough."""
    names = sorted(known)
    like = word[:SHOWN_CHARACTERS].strip().lower().replace("-", "_").replace(" ", "_")
    found = difflib.get_close_matches(like, [name.replace("-", "_") for name in names], n=1, cutoff=0.6)
    if not found:
        return None
    return next(name for name in names if name.replace("-", "_") == found[0])


def unknown_name(word: str, known: Iterable[str], kind: Problem) -> Problem:
    """The problem of a name that does not exist, with a suggestion or else everything that is allowed."""
    names = sorted(known)
    meant = nearest(word, names)
    if meant:
        return Problem(
            f"unknown {kind.en} '{shown(word)}'; did you mean '{meant}'?",
            f"onbekend: {kind.nl} '{shown(word)}'; bedoelt u '{meant}'?",
        )
    listed = ", ".join(names) if names else "nothing"
    return Problem(
        f"unknown {kind.en} '{shown(word)}'; allowed: {listed}",
        f"onbekend: {kind.nl} '{shown(word)}'; toegestaan: {listed if names else 'niets'}",
    )


# Reading ------------------------------------------------------------------------------------------------------------


def read_document(path: str | Path) -> dict[str, Any]:
    """The mapping in a YAML file of at most one megabyte.

    Raises `InputError` when the file cannot be read or is not one plain mapping.
    """
    path = Path(path)
    try:
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
            raise InputError(self.file, where, f"not valid YAML: {shown(detail)}",
                             f"geen geldige YAML: {shown(detail)}") from None  # fmt: skip
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
        if any(_hidden(character) for character in text if character not in "\n\t"):
            raise self.refuse(field, event, "holds control characters; only ordinary text is allowed",
                              "bevat stuurtekens; alleen gewone tekst mag")  # fmt: skip
        return text


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTION_MARKS


# Checking -----------------------------------------------------------------------------------------------------------


def check[Model: BaseModel](
    model: type[Model], data: Any, file: str | Path, context: dict[str, Any] | None = None
) -> Model:
    """`data` as a `model`, or the `InputError` of the first thing that is wrong with it.

    `context` is handed to the model's validators.
    """
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise _first_problem(error, model, file) from None
    except RecursionError:
        raise InputError(file, "file", "nested too deep", "te diep genest") from None


def _first_problem(error: ValidationError, model: type[BaseModel], file: str | Path) -> InputError:
    details = error.errors(include_url=False)
    # An unknown field explains the missing one that it was meant to be.
    detail: Any = next((d for d in details if d["type"] == "extra_forbidden"), details[0])
    place = tuple(part for part in detail["loc"] if not _is_marker(part))
    problem = _problem(detail, model, place)
    raised = detail.get("ctx", {}).get("error")
    if isinstance(raised, Refusal) and raised.field:
        place = (*place, raised.field)
    return InputError(file, dotted(place), problem.en, problem.nl)


def _is_marker(part: Any) -> bool:
    """Pydantic names the member of a union it tried; that is no field of the file."""
    return isinstance(part, str) and bool(
        re.fullmatch(r"[a-z-]+\[.*\]|(list|tuple|int|float|str|dict|bool|none|function)", part)
    )


def dotted(place: Iterable[Any]) -> str:
    """`levers[2].intensity` for ('levers', 1, 'intensity'): people count from one."""
    field = ""
    for part in place:
        field += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if field else str(part))
    return field


def _problem(detail: Any, model: type[BaseModel], place: tuple[Any, ...]) -> Problem:
    kind, context, given = detail["type"], detail.get("ctx", {}), detail.get("input")
    raised = context.get("error")
    if isinstance(raised, Refusal):
        return raised.problem
    if kind == "extra_forbidden":
        return unknown_name(str(place[-1]), fields_at(model, place[:-1]), Problem("field", "veld"))
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']*)'", context["expected"])
        return unknown_name(shown(given), allowed, Problem("value", "waarde"))
    if kind == "missing":
        return Problem("missing; it must be given", "ontbreekt; dit veld is nodig")
    given_text = shown(given)
    bounds = {
        "greater_than_equal": ("at least", "ten minste", "ge"),
        "less_than_equal": ("at most", "ten hoogste", "le"),
        "greater_than": ("more than", "meer dan", "gt"),
        "less_than": ("less than", "minder dan", "lt"),
    }
    if kind in bounds:
        en, nl, key = bounds[kind]
        return Problem(f"{given_text} is out of range; {en} {context[key]} is allowed",
                       f"{given_text} kan niet; toegestaan is {nl} {context[key]}")  # fmt: skip
    wanted = {
        "int": ("a whole number", "een geheel getal"),
        "float": ("a number", "een getal"),
        "bool": ("true or false", "true of false"),
        "string": ("text", "tekst"),
        "list": ("a list", "een lijst"),
        "tuple": ("a list", "een lijst"),
        "dict": ("a mapping (field: value)", "regels als veld: waarde"),
        "model": ("a mapping (field: value)", "regels als veld: waarde"),
        "finite": ("a finite number", "een eindig getal"),
    }
    lengths = {
        "string_too_long": ("longer than {max_length} characters", "langer dan {max_length} tekens"),
        "string_too_short": ("shorter than {min_length} characters", "korter dan {min_length} tekens"),
        "too_long": ("has more than {max_length} entries", "heeft meer dan {max_length} onderdelen"),
        "too_short": ("has fewer than {min_length} entries", "heeft minder dan {min_length} onderdelen"),
    }
    if kind in lengths:
        return Problem(*(sentence.format(**context) for sentence in lengths[kind]))
    if kind == "string_pattern_mismatch":
        return Problem(f"'{given_text}' does not have the form {context['pattern']}",
                       f"'{given_text}' heeft niet de vorm {context['pattern']}")  # fmt: skip
    for start, (en, nl) in wanted.items():
        if kind.startswith(start):
            return Problem(f"'{given_text}' must be {en}", f"'{given_text}' moet {nl} zijn")
    return Problem(f"'{given_text}': {detail['msg']}", f"'{given_text}': {detail['msg']}")


def fields_at(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    """The names of the fields that the model at `place` below `model` has."""
    here: list[type[BaseModel]] = [model]
    for part in place:
        if isinstance(part, int):
            continue
        here = [
            inner
            for outer in here
            if part in outer.model_fields
            for inner in _models(outer.model_fields[part].annotation)
        ]
    return sorted({name for found in here for name in found.model_fields})


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in getattr(annotation, "__args__", ()) for found in _models(inner)]
