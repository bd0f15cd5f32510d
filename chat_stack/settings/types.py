"""What kinds of values settings have, and how one is told off."""

from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta

from chat_stack.errors import Problem

Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$")]
Email = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Account = Annotated[str, Meta(pattern="^[0-9]{12}$")]
Region = Annotated[str, Meta(pattern="^[a-z]{2}(-[a-z]+)+-[0-9]+$")]
TableName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{3,255}$")]
Natural = Annotated[int, Meta(ge=1)]
FunctionArn = Annotated[
    str,
    Meta(
        pattern=r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[\w-]{1,64}(:[\w-]{1,128})?$"
    ),
]
PerSecond = Annotated[float, Meta(ge=0, le=1_000)]
PerMinute = Annotated[int, Meta(ge=0, le=10_000)]
Burst = Annotated[int, Meta(ge=1, le=1_000)]


def doc(text: str, *, section: str | None = None) -> Meta:
    """What docs/settings.md says of a setting; *section* is the heading that it begins."""
    return Meta(description=text, extra={"section": section} if section else None)


def checked(where: str, value: object, type_: Any) -> Any:
    """*value* as *type_*; raises Problem, with *where* it stands."""
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        bare = get_args(type_)[0] if get_origin(type_) is Annotated else type_
        if get_origin(bare) is Literal:
            choices = ", ".join(str(choice) for choice in get_args(bare))
            raise Problem(f"{where}: expected one of {choices}") from None
        text, _, at = str(error).replace("`", "").partition(" - at ")
        raise Problem(
            f"{where}{at[1:] if at.startswith('$.') else ''}: {text[:1].lower()}{text[1:]}"
        ) from None


def an_object(text: object) -> dict[str, object]:
    """Settings that are given as JSON."""
    try:
        return msgspec.json.decode(str(text), type=dict[str, object])
    except msgspec.MsgspecError:
        raise Problem("settings: expected an object with a key per setting, as JSON") from None
