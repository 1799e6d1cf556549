"""Reads equations from the source of a rule file, so that a document shows what the code computes."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection
from pathlib import Path

WIDTH = 116


def wrapped(line: str) -> list[str]:
    """A line of code as lines of at most WIDTH characters; what follows is indented."""
    indent = line[: len(line) - len(line.lstrip())] + "    "
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [
        line
    ]


class _Picked(ast.NodeTransformer):
    """``pick(condition, yes, no)``, which is faster, as ``yes if condition else no``, which is read more easily."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A call, whatever it calls."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "pick":
            return ast.IfExp(*node.args)
        return node


def is_decorated(node: ast.FunctionDef, name: str) -> bool:
    """Whether a function carries the plain decorator ``@name``."""
    return any(isinstance(each, ast.Name) and each.id == name for each in node.decorator_list)


def scalar_function(node: ast.FunctionDef) -> list[str]:
    """A scalar function as lines: what it says in words, then ``name(arguments) = expression`` or its statements."""
    arguments = ", ".join(argument.arg for argument in node.args.args)
    said = ast.get_docstring(node) or ""
    lines = [f"# {line}" for line in textwrap.wrap(said.split("\n\n")[0].replace("\n", " "), WIDTH - 2)]
    body = node.body[1:] if said else node.body
    if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
        head, expression = f"{node.name}({arguments}) =", ast.unparse(body[0].value)
        fits = len(head) + len(expression) < WIDTH
        return [*lines, f"{head} {expression}"] if fits else [*lines, head, f"    {expression}"]
    statements = [f"    {line}" for each in body for line in ast.unparse(each).splitlines()]
    return [*lines, f"{node.name}({arguments}):", *statements]


def assignments(node: ast.AST, target: str, conditions: tuple[ast.expr, ...] = ()) -> list[list[str]]:
    """The statements in a function that assign to ``target``, in the order of the file, each as lines.

    What must hold for a statement stands behind it, or above it when there is no room. A value that only starts at
    zero is left out.
    """
    found: list[list[str]] = []
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.If):
            otherwise = ast.UnaryOp(op=ast.Not(), operand=each.test)
            for body, condition in ((each.body, each.test), (each.orelse, otherwise)):
                found += assignments(ast.Module(body=body, type_ignores=[]), target, (*conditions, condition))
        elif isinstance(each, ast.Assign | ast.AugAssign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            starts = isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant) and not each.value.value
            if any(ast.unparse(one) == target for one in targets) and not starts:
                found.append(conditional(ast.unparse(each), conditions))
        else:
            found += assignments(each, target, conditions)
    return found


def conditional(statement: str, conditions: tuple[ast.expr, ...]) -> list[str]:
    """A statement and what must hold for it, as lines."""
    if not conditions:
        return [statement]
    every = conditions[0] if len(conditions) == 1 else ast.BoolOp(op=ast.And(), values=list(conditions))
    when = f"# when {ast.unparse(every)}"
    if len(statement) + len(when) + 2 <= WIDTH:
        return [f"{statement}  {when}"]
    return [*textwrap.wrap(when, WIDTH, subsequent_indent="#     ", break_long_words=False), statement]


def equations_of(path: Path, named: Collection[str] = ()) -> str:
    """The scalar functions of a rule file, and the assignments named as ``rule:target`` in its rules, as a code block.

    A name without a colon is a plain function. Raises ValueError for a function, rule or target that is not there.
    """
    nodes = _Picked().visit(ast.parse(path.read_text(encoding="utf-8"))).body
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    plain = {name for name in named if ":" not in name}
    if unknown := sorted(plain - set(functions)):
        raise ValueError(f"{path.name}: {', '.join(unknown)}: there is no such function")
    pieces = [
        scalar_function(node) for name, node in functions.items() if is_decorated(node, "compiled") or name in plain
    ]
    by_rule: dict[str, list[str]] = {}
    for name in named:
        if name in plain:
            continue
        rule, _, target = name.partition(":")
        found = assignments(functions[rule], target) if rule in functions else []
        if not found:
            raise ValueError(f"{path.name}: {name}: there is no such assignment")
        by_rule.setdefault(rule, []).extend(line for lines in found for line in lines)
    pieces += [[f"# in the rule `{rule}`", *lines] for rule, lines in by_rule.items()]
    text = "\n\n".join("\n".join(part for line in piece for part in wrapped(line)) for piece in pieces)
    return f"```python\n{text}\n```"
