"""A chat whose users sign in with a user pool."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from local.deploy import Endpoints, client
from tests.browser.support.user import People, Visitor


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat whose users sign in, and its page."""

    aws_url: str
    page_url: str
    endpoints: Endpoints
    passwords: Mapping[str, str]

    def renew(self, refresh: str) -> None:
        """Refresh tokens. Raises the error of the user pool."""
        client("cognito-idp", self.aws_url).get_tokens_from_refresh_token(
            ClientId=self.endpoints.user_pool_client_id, RefreshToken=refresh
        )

    def end_sign_in(self, refresh: str) -> None:
        """Revoke a refresh token."""
        client("cognito-idp", self.aws_url).revoke_token(
            Token=refresh, ClientId=self.endpoints.user_pool_client_id
        )


def signs_in(visitor: Visitor, name: str, password: str) -> None:
    """Fill in the form and submit it."""
    visitor.page.get_by_label("Name").fill(name)
    visitor.page.get_by_label("Password").fill(password)
    visitor.page.get_by_role("button", name="Sign in").click()


def enters(people: People, chat: Chat, name: str, **options: Any) -> Visitor:
    """Open a window and sign a user in."""
    visitor = people.visitor(**options)
    visitor.opens()
    signs_in(visitor, name, chat.passwords[name])
    expect(visitor.status).to_have_text("Connected")
    return visitor
