"""Reader of Python: docstrings, comments, messages and the names that a module defines."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tools.prose.passages import Kind, Name, Passage, Reading

_DIRECTIVE = re.compile(r"#\s*(?:type:|noqa|pragma|ruff:|mypy:|!)[^#]*")
_VALUES = ("property", "cached_property", "fixture", "overload", "setter")
"""Decorators of functions that are used as values: their docstrings may begin with a noun."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(source: str, *, is_test: bool) -> Reading:
    """Return the passages and names of a module. Raises SyntaxError.

    Messages of tests are not read.
    """
    tree = ast.parse(source)
    passages: list[Passage] = []
    names: list[Name] = []
    for node in ast.walk(tree):
        passages.extend(_docstrings(node))
        names.extend(_names(node))
        if not is_test:
            passages.extend(_messages(node))
    if "#" in source:
        passages.extend(_comments(source))
    return Reading(passages, names, [])


def _docstrings(node: ast.AST) -> Iterator[Passage]:
    """Yield each string that is a statement of the node's body."""
    if not isinstance(node, ast.Module | ast.ClassDef | Function):
        return
    for position, child in enumerate(node.body):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            value = child.value
            if isinstance(value.value, str):
                is_verb = position == 0 and isinstance(node, Function) and not _is_value(node)
                text = _dedent(value.value, value.col_offset)
                yield Passage(value.lineno, text, Kind.FUNCTION if is_verb else Kind.PROSE)


def _is_value(function: Function) -> bool:
    """Return whether a docstring states a claim of a test, describes a value or its arguments."""
    decorators = (ast.unparse(decorator) for decorator in function.decorator_list)
    return function.name.startswith(("test_", "__init__")) or any(
        re.search(rf"\b(?:{'|'.join(_VALUES)})\b", decorator) for decorator in decorators
    )


def _dedent(text: str, columns: int) -> str:
    """Return a docstring without the indentation of its statement."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(line.removeprefix(" " * columns) for line in rest)])


def _names(node: ast.AST) -> Iterator[Name]:
    """Yield the name that a node defines: a class, function, argument, variable or field."""
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield Name(node.lineno, node.name)
        case ast.arg():
            yield Name(node.lineno, node.arg)
        case ast.Name(ctx=ast.Store()):
            yield Name(node.lineno, node.id)
        case ast.Attribute(ctx=ast.Store()):
            yield Name(node.lineno, node.attr)
        case ast.alias(asname=str(alias)):
            yield Name(node.lineno, alias)


def _messages(node: ast.AST) -> Iterator[Passage]:
    """Yield the literals that a `raise` or a `print` is called with."""
    call = node.exc if isinstance(node, ast.Raise) else node
    if not isinstance(call, ast.Call):
        return
    if isinstance(node, ast.Raise) or (isinstance(call.func, ast.Name) and call.func.id == "print"):
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            text = _literal(argument)
            if text.strip():
                yield Passage(argument.lineno, text.strip(), Kind.MESSAGE)


def _literal(node: ast.expr) -> str:
    """Return the text of a string literal, with one word for each of its expressions."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_literal(part) or "`value`" for part in parts)
        case ast.BinOp(left=left, right=right):
            return _literal(left) + _literal(right)
    return ""


def _comments(source: str) -> Iterator[Passage]:
    """Yield each comment; comments on consecutive lines of their own are one."""
    block: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, column = token.start
        text = _DIRECTIVE.sub("", token.string).lstrip("#").removeprefix(" ")
        is_alone = not token.line[:column].strip()
        if block and not (is_alone and line == last + 1):
            yield Passage(last - len(block) + 1, "\n".join(block))
            block = []
        block.append(text)
        last = line
        if not is_alone:
            yield Passage(line, "\n".join(block))
            block = []
    if block:
        yield Passage(last - len(block) + 1, "\n".join(block))
