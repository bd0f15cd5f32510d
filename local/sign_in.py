"""Sign-in on this machine: as a guest, or with the emulated user pool."""

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
"""Settings that each value of IDENTITY adds to cdk.json.

A run as guests deletes the user pool, and the rooms stay. The user id here is the username, because
the next pool gives the same user another `sub`.
"""

People = Mapping[str, str]
"""Passwords by name."""


def chosen() -> str:
    """Return the value of IDENTITY, "guest" by default. Raises UserError if it is unknown."""
    text = os.environ.get("IDENTITY") or "guest"
    if text not in SETTINGS:
        raise UserError(f"IDENTITY={text} is unknown; choose {' or '.join(SETTINGS)}")
    return text


def on_page(url: str, endpoints: Endpoints) -> PageSignIn:
    """Return the page's sign-in configuration for the emulator at *url*."""
    client_id = endpoints.user_pool_client_id
    return by_form(endpoint=url, client_id=client_id) if client_id else GUESTS


def people(folder: Path, url: str, endpoints: Endpoints) -> People:
    """Create the users alice and bob, with their passwords of the last run if known."""
    if not endpoints.user_pool_id:
        return {}
    known = read_json(_passwords(folder)) or {}
    made = {name: make_user(url, endpoints, name, password=known.get(name)) for name in NAMES}
    write_json(_passwords(folder), made)
    return made


def bearer(folder: Path, url: str, name: str) -> str:
    """Sign in as *name* at the emulator at *url* and return the access token.

    Raises UserError if *name* has no password here.
    """
    passwords = read_json(_passwords(folder)) or {}
    if name not in passwords:
        raise UserError(f"NAME={name} cannot sign in here; {' and '.join(passwords)} can")
    announced = Endpoints("", "", "", None, endpoint(folder, "userPoolClientId"))
    token: str = sign_in(url, announced, name, passwords[name])["AccessToken"]
    return token


def _passwords(folder: Path) -> Path:
    return folder / "passwords.json"
