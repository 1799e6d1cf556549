"""Lines put into source files at places found by their meaning (the parsed file), not by marks in the text.

Every function takes the text of a file and returns it with something more in it. A place that is not there exactly once
raises `MarkError`, so that a change of those files cannot go unnoticed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable


class MarkError(LookupError):
    """A place that a line must be put at is not there, or there more than once; its text is the name of the place."""


def one[T](places: list[T], name: str) -> T:
    """The only one; raises `MarkError` with the name of the place."""
    if len(places) != 1:
        raise MarkError(name)
    return places[0]


def inserted(text: str, line: int, column: int, words: str) -> str:
    """`words` put in at a place as `ast` counts it: lines from 1, columns in bytes from 0."""
    lines = text.encode().split(b"\n")
    row = lines[line - 1]
    lines[line - 1] = row[:column] + words.encode() + row[column:]
    return b"\n".join(lines).decode()


def after_node(text: str, node: ast.AST, words: str) -> str:
    """`words` right after a node."""
    return inserted(text, node.end_lineno, node.end_col_offset, words)  # type: ignore[attr-defined]


def replaced(text: str, node: ast.AST, words: str) -> str:
    """`words` in the place of a node that stands on one line."""
    line, column, end = node.lineno, node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
    lines = text.encode().split(b"\n")
    lines[line - 1] = lines[line - 1][:column] + words.encode() + lines[line - 1][end:]
    return b"\n".join(lines).decode()


def with_import(text: str, line: str) -> str:
    """An import after the imports at the top of a file."""
    found = [each for each in ast.parse(text).body if isinstance(each, ast.Import | ast.ImportFrom)]
    if not found:
        raise MarkError("the imports")
    return after_node(text, found[-1], f"\n{line}")


def assignments(text: str, name: str) -> list[ast.Assign | ast.AnnAssign]:
    """The statements at the top of a file that assign to a name."""
    found: list[ast.Assign | ast.AnnAssign] = []
    for each in ast.parse(text).body:
        if not isinstance(each, ast.Assign | ast.AnnAssign) or each.value is None:
            continue
        targets = each.targets if isinstance(each, ast.Assign) else [each.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            found.append(each)
    return found


def value_of(text: str, name: str) -> ast.expr:
    """What a file assigns to a name, once."""
    value = one(assignments(text, name), name).value
    if value is None:
        raise MarkError(name)
    return value


def in_tuple(text: str, name: str, words: str, after: Callable[[ast.expr], bool] | None = None) -> str:
    """An element in the tuple `name`: after the one that `after` knows, else at the end."""
    value = value_of(text, name)
    if not isinstance(value, ast.Tuple) or len(value.elts) < 2:
        raise MarkError(name)
    place = value.elts[-1] if after is None else one([each for each in value.elts if after(each)], name)
    return after_node(text, place, f", {words}")


def in_dict(text: str, name: str, words: str) -> str:
    """An entry at the beginning of the mapping `name`."""
    value = value_of(text, name)
    if not isinstance(value, ast.Dict) or not value.keys:
        raise MarkError(name)
    return inserted(text, value.lineno, value.col_offset + 1, f"{words}, ")


def in_words(text: str, name: str, path: tuple[str, ...], word: str) -> str:
    """A word more in a text of several words: that under `path` in the mapping `name`, or in a keyword of its call."""
    place = value_of(text, name)
    for key in path:
        found: list[ast.expr] = []
        if isinstance(place, ast.Dict):
            found = [
                v
                for k, v in zip(place.keys, place.values, strict=True)
                if isinstance(k, ast.Constant) and k.value == key
            ]
        elif isinstance(place, ast.Call):
            found = [each.value for each in place.keywords if each.arg == key]
        place = one(found, name)
    if not (isinstance(place, ast.Constant) and isinstance(place.value, str)):
        raise MarkError(name)
    return after_node(text, place, f' " {word}"')


def in_command(text: str, words: str) -> str:
    """Words more, behind the first, in the list that spells out the command `samenspel`."""
    lists = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.List) and each.elts]
    found = [
        each.elts[0] for each in lists if isinstance(each.elts[0], ast.Constant) and each.elts[0].value == "samenspel"
    ]
    return after_node(text, one(found, "the command"), f", {words}")


def function(text: str, name: str) -> ast.FunctionDef:
    """The function of this name at the top of a file."""
    return one([each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef) and each.name == name], name)


def is_call(node: ast.AST, called: str) -> bool:
    """Whether a statement is a call of `called`, such as `energy.initiative`."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == called


def after_statement(text: str, where: str, test: Callable[[ast.stmt], bool], words: str) -> str:
    """A statement after the one that `test` knows, in the function `where`, as deep as that one."""
    place = one([each for each in ast.walk(function(text, where)) if isinstance(each, ast.stmt) and test(each)], where)
    return after_node(text, place, "\n" + " " * place.col_offset + words)


def after_numbered(text: str, where: str, target: str, words: Callable[[int], str]) -> str:
    """A line with the next number after the lines `target[…, n] = …` of the function `where`."""
    numbered: list[tuple[int, ast.stmt]] = []
    for each in ast.walk(function(text, where)):
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Subscript):
            place = each.targets[0]
            index = place.slice.elts[-1] if isinstance(place.slice, ast.Tuple) and place.slice.elts else place.slice
            if ast.unparse(place.value) == target and isinstance(index, ast.Constant) and isinstance(index.value, int):
                numbered.append((index.value, each))
    if not numbered or [number for number, _ in numbered] != list(range(len(numbered))):
        raise MarkError(where)
    last = numbered[-1][1]
    return after_node(text, last, "\n" + " " * last.col_offset + words(len(numbered)))


def before_assignment(text: str, name: str, words: str) -> str:
    """Lines of their own before the assignment of a name."""
    return inserted(text, one(assignments(text, name), name).lineno, 0, words)


def in_class(text: str, name: str, words: str) -> str:
    """Lines at the end of a class."""
    place = one([each for each in ast.parse(text).body if isinstance(each, ast.ClassDef) and each.name == name], name)
    return after_node(text, place, words)


def raised(text: str, name: str, by: int) -> str:
    """The whole number that a file assigns to a name, raised."""
    value = value_of(text, name)
    if not isinstance(value, ast.Constant) or not isinstance(value.value, int):
        raise MarkError(name)
    return replaced(text, value, str(value.value + by))


def step_number(text: str, name: str) -> int:
    """The place of a step of initiatives in STEPS, from 0."""
    value = value_of(text, "STEPS")
    if not isinstance(value, ast.Tuple):
        raise MarkError("STEPS")
    return one([k for k, each in enumerate(value.elts) if is_step(each, name)], "STEPS")


def is_step(node: ast.expr, name: str) -> bool:
    """Whether it is the step of this name that belongs to initiatives."""
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return False
    return [getattr(each, "value", None) for each in node.args[:2]] == [name, "initiative"]


def with_step(text: str, where: str, number: int, words: Callable[[int], str]) -> str:
    """A step in the function that numbers the steps by `after(n, …)`: behind step `number`, with those that follow
    moved up by one.
    """
    body = function(text, where).body
    numbers = {k: each.value.args[0].value for k, each in enumerate(body) if is_call(each, "after")}  # type: ignore[attr-defined]
    if sorted(numbers.values()) != list(range(len(numbers))):
        raise MarkError(where)
    place = one([k for k, n in numbers.items() if n == number], where)
    if place + 1 < len(body) and is_call(body[place + 1], "after_event"):
        place += 1
    moved = [body[k].value.args[0] for k, n in sorted(numbers.items(), reverse=True) if n > number]  # type: ignore[attr-defined]
    for later in moved:
        text = replaced(text, later, str(later.value + 1))
    lines = words(number + 1).split("\n")
    return after_node(text, body[place], "".join("\n" + " " * body[place].col_offset + line for line in lines))
