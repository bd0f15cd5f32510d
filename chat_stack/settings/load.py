"""Reads settings from the context of the CDK app, and says what is wrong in one line."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from chat_stack.errors import ConfigError
from chat_stack.settings.settings import Settings
from chat_stack.settings.validation import LOCAL, validate


def read_environments(
    environments: object,
    *,
    gateway_url: object = None,
    identity: object = None,
    settings: object = None,
) -> dict[str, Settings]:
    """Return the settings of every environment by its name; raise `ConfigError`.

    The other arguments override settings of the environment `local`.
    Of the identity, *identity* is only the type. The JSON object *settings* is like cdk.json.
    """
    if not isinstance(environments, Mapping) or not environments:
        raise ConfigError("cdk.json: environments: expected an object with a key per environment")
    local: dict[str, object] = {"gatewayUrl": gateway_url} if gateway_url else {}
    if identity:
        local["identity"] = {"type": identity}
    if settings:
        local |= parse_object(settings)
    override = {LOCAL: local}
    return {
        name: validate(name, read_settings(name, given, **override.get(name, {})))
        for name, given in environments.items()
    }


def read_settings(name: str, given: object, **override: object) -> Settings:
    """Return the settings of environment *name*; raise `ConfigError`.

    The stage is named after the environment, unless *given* names it.
    Keys of *override* are those of cdk.json, and take precedence over *given*.
    """
    where = f"cdk.json: environments.{name}"
    if not isinstance(given, Mapping):
        raise ConfigError(f"{where}: expected an object with a key per setting")
    fields = {field.encode_name: field for field in msgspec.structs.fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in {"stageName": name, **given, **override}.items():
        if key not in fields:
            raise ConfigError(f"{where}.{key}: unknown key")
        values[fields[key].name] = parse_value(f"{where}.{key}", value, fields[key].type)
    return Settings(**values)


def parse_value(where: str, value: object, type_: Any) -> Any:
    """Return *value* as *type_*; raise `ConfigError`, which names its place *where*."""
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        bare = get_args(type_)[0] if get_origin(type_) is Annotated else type_
        if get_origin(bare) is Literal:
            choices = ", ".join(str(choice) for choice in get_args(bare))
            raise ConfigError(f"{where}: expected one of {choices}") from None
        text, _, at = str(error).replace("`", "").partition(" - at ")
        raise ConfigError(
            f"{where}{at[1:] if at.startswith('$.') else ''}: {text[:1].lower()}{text[1:]}"
        ) from None


def parse_object(text: object) -> dict[str, object]:
    """Return the settings in a JSON object; raise `ConfigError`."""
    try:
        return msgspec.json.decode(str(text), type=dict[str, object])
    except msgspec.MsgspecError:
        raise ConfigError("settings: expected an object with a key per setting, as JSON") from None
