"""How many DynamoDB requests keeping order makes; docs/architecture.md repeats it."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.test_estimated_requests import MeasuredChat
from tests.contract.test_requests import TEA
from tests.fake_surroundings import FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Price = dict[str, int]

PACE = {"UpdateItem": 2}
"""The buckets of who acts."""

TOLD = {**PACE, "GetItem": 5, "TransactWriteItems": 1, "Query": 2}
"""A change of how somebody stands, of which the room hears."""

PUT_OUT = {**PACE, "GetItem": 4, "TransactWriteItems": 1, "Query": 2}

WITHOUT_NAME = {"GetItem": 1, "Query": 1}
"""More, for whom nothing was kept: what are they called?"""


@pytest.fixture
def town(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> MeasuredChat:
    """Alice's room; with her are Bob, with a phone, and Carol, who is a member."""
    chat = MeasuredChat(moto_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    for who in ("bob", "bob.phone", "carol"):
        chat.says(who, {"action": "joinRoom", **TEA})
    ask(chat, "setRole", "carol", role="member")
    return chat


def ask(chat: MeasuredChat, action: str, target: str = "", **fields: Any) -> Price:
    """What it takes, items of transactions too."""
    about = {"userId": chat.user_id(target)} if target in chat.replies else {}
    chat.transacted.clear()
    requests = chat.cost("alice", {"action": action, **TEA, **about, **fields})
    return {**requests, **({"transacted": n} if (n := chat.transacted["transacted"]) else {})}


def added(*prices: Price, **more: int) -> Price:
    every = (*prices, more)
    return {name: sum(price.get(name, 0) for price in every) for price in every for name in price}


def each(connections: int, **requests: int) -> Price:
    return {name: connections * n for name, n in requests.items()}


@pytest.mark.parametrize(
    ("action", "fields"), [("setRole", {"role": "moderator"}), ("muteMember", {"seconds": 60})]
)
def test_changing_how_somebody_stands(town: MeasuredChat, action: str, fields: Price) -> None:
    """By each of the user's connections; more for whom nothing was kept; less for no change."""
    roles = int(action == "setRole")
    here = {"UpdateItem": 2}

    known = ask(town, action, "carol", **fields)
    unknown = ask(town, action, "bob", **fields)
    nothing = ask(town, action, "bob", **fields)

    assert known == added(TOLD, each(1, GetItem=2, **here), transacted=4)
    assert unknown == added(TOLD, WITHOUT_NAME, each(2, GetItem=3, **here), transacted=3 + roles)
    assert nothing == added(PACE, each(2, GetItem=1, **here), GetItem=4, Query=1)


@pytest.mark.parametrize("action", ["kickMember", "banMember"])
def test_putting_out(town: MeasuredChat, action: str) -> None:
    """By each of the user's connections, and two items for it; more for whom nothing was kept."""
    here = {"TransactWriteItems": 1, "transacted": 2}

    known = ask(town, action, "carol")
    unknown = ask(town, action, "bob")

    assert known == added(PUT_OUT, each(1, GetItem=2, **here), transacted=4)
    assert unknown == added(PUT_OUT, WITHOUT_NAME, each(2, GetItem=3, **here), transacted=4)


def test_keeping_out_and_letting_in(town: MeasuredChat) -> None:
    """Of who is not there, and back."""
    banned, twice = (ask(town, "banMember", userId="u-eve") for _ in range(2))
    lifted = ask(town, "unbanMember", userId="u-eve")
    again = ask(town, "unbanMember", userId="u-eve")

    assert banned == {**PACE, "GetItem": 4, "Query": 2, "TransactWriteItems": 1, "transacted": 4}
    assert twice == {**PACE, "GetItem": 3, "Query": 1}
    assert lifted == {**PACE, "GetItem": 2, "TransactWriteItems": 1, "transacted": 3}
    assert again == {**PACE, "GetItem": 2}


def test_inviting(town: MeasuredChat) -> None:
    """By a link, or somebody; who is a member costs less, and who is online more."""
    link = ask(town, "createInvite")
    somebody = ask(town, "inviteMember", userId="u-eve")
    member = ask(town, "inviteMember", userId="u-eve")
    online = ask(town, "inviteMember", "bob")

    assert link == {**PACE, "GetItem": 1, "TransactWriteItems": 1, "transacted": 3}
    assert somebody == {**PACE, "GetItem": 4, "TransactWriteItems": 1, "transacted": 4}
    assert member == {**PACE, "GetItem": 2}
    assert online == added(somebody, each(2, GetItem=1))


def test_renaming_and_publishing(town: MeasuredChat) -> None:
    """Once; again it is read alone."""
    den = town.says("alice", {"action": "createRoom", "visibility": "private"})["room"]["roomId"]

    published = ask(town, "updateRoom", roomId=den, visibility="public")
    renamed = ask(town, "updateRoom", name="Milk")
    again = ask(town, "updateRoom", name="Milk")

    read: Price = {**PACE, "GetItem": 2}
    written = {**read, "BatchGetItem": 1, "Query": 1, "TransactWriteItems": 1}
    assert published == {**written, "transacted": 3}
    assert renamed == {**written, "transacted": 2}
    assert again == read


def test_taking_words_back(town: MeasuredChat) -> None:
    """One's own; others' cost a look at one's role, and that it lasts; again it is pushed alone."""
    say = {"action": "sendMessage", **TEA, "text": "oops"}
    own, others = (town.says(who, say)["message"]["seq"] for who in ("alice", "bob"))

    one = ask(town, "deleteMessage", seq=own)
    other = ask(town, "deleteMessage", seq=others)
    again = ask(town, "deleteMessage", seq=own)

    assert one == {"GetItem": 4, "TransactWriteItems": 1, "Query": 1, "transacted": 2}
    assert other == added(one, GetItem=1, transacted=1)
    assert again == {**PACE, "GetItem": 3, "Query": 1}
