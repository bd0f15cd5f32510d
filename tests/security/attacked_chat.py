"""A chat on the real adapters behind the real authorizer. Attacks on it must change nothing."""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chat.auth.gateway_policy import Authorizer, UnauthorizedResponse, authorize
from chat.auth.jwks import KeySet, NoKeysError
from chat.auth.jwt_verifier import JwtVerifier
from chat.dispatch import dispatch
from chat.domain.identity import Origins, TokenPolicy
from chat.observability.metrics import EmfMetrics
from chat.ports import Services
from tests.support.dynamodb import make_table
from tests.support.harness import Chat, Frame, event
from tests.support.in_process import items_of
from tests.support.issuer.issuer import CLIENT, NAME, Issuer
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/prod/$connect"
PAGE = "https://chat.example"

READS = frozenset({"GetItem", "BatchGetItem", "Query"})

Headers = Mapping[str, str]
Items = dict[tuple[str, str, str], Any]


class AttackedChat(Chat):
    """A chat without guests: `alice` and `alice.phone` have tokens of the user `u-alice`.

    Every token and invite that is used is added to *secrets*.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        secrets: set[str],
        log: io.StringIO,
        **limits: Any,
    ) -> None:
        """Use *limits* for `Stores.dynamo`."""
        self.issuer = Issuer()
        origins = Origins(frozenset({PAGE}))
        super().__init__(guests=False, origins=origins, clock=self.issuer.clock)
        self.client = client
        self.secrets = secrets
        self._metrics = EmfMetrics(
            namespace="Test", function="chat", write=lambda line: print(line, file=log)
        )
        self.tables = (make_table(client), make_table(client))
        self.stores = Stores.dynamo(client, self.clock, tables=self.tables, **limits)
        keys = KeySet("", algorithms=("RS256",), clock=self.issuer.clock, fetch=self.issuer.fetch)
        expected = TokenPolicy(NAME, (CLIENT,), token_use="access")
        self.authorizer = Authorizer(JwtVerifier(expected, keys, clock=self.issuer.clock))
        self.calls: Counter[str] = Counter()
        self._seen: Items | None = None
        client.meta.events.register("before-call.dynamodb", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.calls[model.name] += 1
        if model.name not in READS:
            self._seen = None

    @property
    def services(self) -> Services:
        """Return the services of the chat, with the verifier of the authorizer."""
        return replace(super().services, verifier=self.authorizer.tokens)

    def secret(self, text: str) -> str:
        """Return *text*, which no log line, item or pushed frame may contain from now on."""
        if len(text) >= 16:
            self.secrets.add(text)
        return text

    def token(self, user: str, **changes: Any) -> str:
        """Return a valid token of a user, with *changes* to its claims."""
        return self.secret(self.issuer.token(sub=f"u-{user}", name=user, **changes))

    def connects(self, connection_id: str, **_: str) -> int:
        """Open a connection with a valid token, and return the status."""
        token = self.token(connection_id.split(".")[0])
        return self.handshake(connection_id, {"Authorization": f"Bearer {token}", "Origin": PAGE})

    def handshake(
        self, connection_id: str, headers: Headers | None, query: Headers | None = None
    ) -> int:
        """Send a handshake through the authorizer as API Gateway does, and return the status."""
        request = {"headers": headers, "queryStringParameters": query}
        try:
            with self._metrics.invocation("i") as record:
                arrived = {"type": "REQUEST", "methodArn": ARN, **request}
                policy = authorize(arrived, self.authorizer, record)
        except UnauthorizedResponse:
            return 401
        except NoKeysError:
            return 500
        opened = event("CONNECT", connection_id, **request)
        context = {**policy["context"], "principalId": policy["principalId"]}
        opened["requestContext"]["authorizer"] = context
        status: int = self.handles(opened)["statusCode"]
        return status

    def guest_handshake(self, query: Headers | None) -> int:
        """Send a guest's handshake without an authorizer, and return the status."""
        opened = event("CONNECT", "intruder", queryStringParameters=query)
        status: int = self.handles(opened)["statusCode"]
        return status

    def says(self, connection_id: str, frame: Mapping[str, Any] | str) -> Frame:
        """Send a frame, from a new connection if there is none, and return the reply.

        An invite in the reply becomes a secret.
        """
        if connection_id not in self.replies:
            self.replies[connection_id] = []
            self.connects(connection_id)
        text = frame if isinstance(frame, str) else json.dumps(frame)
        reply: Frame = json.loads(self.handles(event("MESSAGE", connection_id, body=text))["body"])
        self.replies[connection_id].append(reply)
        if "invite" in reply:
            self.secret(reply["invite"])
        return reply

    def handles(self, arrived: Mapping[str, Any]) -> dict[str, Any]:
        """Return the function's response to an event, and write its log line."""
        with self._metrics.invocation("i") as record:
            return dispatch(arrived, self.services, record)

    def does(self, who: str, action: str, **fields: Any) -> Frame:
        """Send an action that must succeed, and return the reply."""
        reply = self.says(who, {"action": action, **fields})
        assert reply["type"] != "error", reply
        return reply

    def rejects(self, who: str, frame: Mapping[str, Any] | str, code: str) -> Frame:
        """Attack with a frame, and return the reply.

        The reply must be the error *code*. Nothing may be written or pushed.
        """
        if who not in self.replies:
            self.does(who, "ping")
        with self.nothing_happens():
            reply = self.says(who, frame)
        assert (reply["type"], reply.get("code")) == ("error", code), reply
        return reply

    def rejects_handshake(
        self, headers: Headers | None, query: Headers | None = None, *, status: int = 401
    ) -> None:
        """Attack with a handshake, which must fail with *status* and write nothing."""
        for value in (headers or {}).values():
            self.secret(value)
        with self.nothing_happens():
            assert self.handshake("intruder", headers, query) == status

    @contextmanager
    def nothing_happens(self) -> Iterator[None]:
        """Assert that no item changes in either table, and that nothing is pushed or queued."""
        before, sent = self._seen or self.items(), (self.push.posts, len(self.queue.taken))
        yield
        after = self.items()
        assert after == before
        assert (self.push.posts, len(self.queue.taken)) == sent
        self._seen = after  # until the next request that could write

    def changed(self, before: Items) -> dict[tuple[str, str], set[str]]:
        """Return the attributes that differ from *before*, by the key of their item."""
        after = self.items()
        return {
            key[1:]: {name for name in {*old, *new} if old.get(name) != new.get(name)}
            for key in before.keys() | after.keys()
            if (old := before.get(key, {})) != (new := after.get(key, {}))
        }

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Restore both tables, the connections and the received events afterwards."""
        before, heard = self.items(), {id_: [*got] for id_, got in self.push.heard.items()}
        sockets = set(self.replies)
        try:
            yield
        finally:
            after = self.items()
            for table, pk, sk in after.keys() - before.keys():
                self.client.delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})
            for key, item in before.items():
                if after.get(key) != item:
                    self.client.put_item(TableName=key[0], Item=item)
            self.push.heard = heard
            self.replies = {id_: replies for id_, replies in self.replies.items() if id_ in sockets}

    def items(self) -> Items:
        """Return every item of both tables, by table and key.

        The items are read without a request, because a Scan is much slower.
        """
        return {
            (table, item["pk"]["S"], item["sk"]["S"]): _ordered(item)
            for table in self.tables
            for item in items_of(table)
        }

    def stored_and_pushed(self) -> str:
        """Return all that is stored, and all that was ever pushed."""
        return json.dumps([list(self.items().values()), str(self.push.heard)])


def _ordered(item: Mapping[str, Any]) -> Any:
    """Copy an item, with the values of its sets sorted, because DynamoDB's sets have no order."""
    return {name: {kind: _copy(kind, it[kind]) for kind in it} for name, it in item.items()}


def _copy(kind: str, value: Any) -> Any:
    if kind in {"SS", "NS", "BS"}:
        return sorted(value)
    return deepcopy(value) if kind in {"M", "L"} else value


MakeChat = Callable[..., AttackedChat]


@dataclass
class AttackLog:
    """The secrets, chats and log lines of a module's attacks."""

    secrets: set[str] = field(default_factory=set)
    chats: list[AttackedChat] = field(default_factory=list)
    log: io.StringIO = field(default_factory=io.StringIO)

    @property
    def lines(self) -> list[str]:
        """Return the lines of the log, as CloudWatch splits them."""
        return self.log.getvalue().splitlines()
