"""CloudWatch's metric math, as much of it as the dashboard uses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

Series = Sequence[float | None]
"""A value for each period; None where there is none."""

_BINARY: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.GtE: operator.ge,
}


def evaluate(expression: str, series: Callable[[str], Series], *, periods: int) -> Series:
    """The values of *expression*, whose names *series* knows."""
    return _value(ast.parse(expression, mode="eval").body, series, periods)


def _value(node: ast.expr, series: Callable[[str], Series], periods: int) -> Series:
    match node:
        case ast.Constant(value=float() | int() as number):
            return [float(number)] * periods
        case ast.Name(id=name):
            return series(name)
        case ast.BinOp(left=left, op=op, right=right):
            pair = (_value(side, series, periods) for side in (left, right))
            return _each(_BINARY[type(op)], *pair)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            pair = (_value(side, series, periods) for side in (left, right))
            return _each(_BINARY[type(op)], *pair)
        case ast.Call(func=ast.Name(id=function), args=arguments):
            given = [_value(argument, series, periods) for argument in arguments]
            return _FUNCTIONS[function](*given)
    raise ValueError(f"not known: {ast.unparse(node)}")


def _each(operation: Callable[[float, float], float], left: Series, right: Series) -> Series:
    """Period by period; nothing where a value is missing, and nothing divided by nothing."""

    def one(a: float | None, b: float | None) -> float | None:
        if a is None or b is None or (operation is operator.truediv and b == 0):
            return None
        return float(operation(a, b))

    return [one(a, b) for a, b in zip(left, right, strict=True)]


def _fill(values: Series, instead: Series) -> Series:
    return [b if a is None else a for a, b in zip(values, instead, strict=True)]


def _running_sum(values: Series) -> Series:
    return list(accumulate(value or 0.0 for value in values))


def _if(condition: Series, then: Series, otherwise: Series) -> Series:
    chosen = zip(condition, then, otherwise, strict=True)
    return [None if is_so is None else (a if is_so else b) for is_so, a, b in chosen]


_FUNCTIONS: Mapping[str, Callable[..., Series]] = {
    "FILL": _fill,
    "IF": _if,
    "RUNNING_SUM": _running_sum,
}
