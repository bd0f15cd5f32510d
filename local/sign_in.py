"""How people sign in on this machine: as guests, or with the emulated user pool."""

import os
from collections.abc import Mapping
from pathlib import Path

from chat_stack.identity.page_config import GUESTS, PageSignIn, by_form
from local.deploy import Endpoints
from local.endpoints_file import endpoint
from local.json_files import read_json, write_json
from local.users import make_user, sign_in
from tools.common import UserError

NAMES = ("alice", "bob")
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "guest": {},
    "cognito": {"identity": {"type": "cognito", "userClaim": "username"}},
}
"""What each needs beside what cdk.json says.

A run as guests takes the user pool away, and rooms stay: so people here are their names, which the
next pool knows too, and not a `sub`, which it makes anew.
"""

People = Mapping[str, str]
"""Passwords by name."""


def chosen() -> str:
    """What IDENTITY says; guests where it says nothing."""
    text = os.environ.get("IDENTITY") or "guest"
    if text not in SETTINGS:
        raise UserError(f"IDENTITY={text} is not known here; take {' or '.join(SETTINGS)}")
    return text


def on_page(url: str, endpoints: Endpoints) -> PageSignIn:
    """How the page signs people in with the emulator at *url*."""
    client_id = endpoints.user_pool_client_id
    return by_form(endpoint=url, client_id=client_id) if client_id else GUESTS


def people(folder: Path, url: str, endpoints: Endpoints) -> People:
    """Those who can sign in, with the passwords that they had the last time."""
    if not endpoints.user_pool_id:
        return {}
    known = read_json(_passwords(folder)) or {}
    made = {name: make_user(url, endpoints, name, password=known.get(name)) for name in NAMES}
    write_json(_passwords(folder), made)
    return made


def bearer(folder: Path, url: str, name: str) -> str:
    """A token of *name*, who signs in with the emulator at *url*."""
    passwords = read_json(_passwords(folder)) or {}
    if name not in passwords:
        raise UserError(f"NAME={name} cannot sign in here; {' and '.join(passwords)} can")
    announced = Endpoints("", "", "", None, endpoint(folder, "userPoolClientId"))
    token: str = sign_in(url, announced, name, passwords[name])["AccessToken"]
    return token


def _passwords(folder: Path) -> Path:
    return folder / "passwords.json"
