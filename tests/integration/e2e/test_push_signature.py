"""Signatures that the emulator verifies: it accepts our posts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from websockets.sync.client import connect

from chat.gateway.post_with_retries import GatewayForbiddenError
from chat.gateway.sigv4 import Credentials
from local.deploy import client
from local.emulator_process import emulator, free_port
from tests.support.emulated_function import create_function
from tests.support.gateway.sending import FRAME, pushing_to
from tools.common import REGION

WHO_AM_I = """
def handler(event, context):
    return {"statusCode": 200, "body": event["requestContext"]["connectionId"]}
"""


@dataclass(frozen=True, slots=True)
class Api:
    """A WebSocket API in the emulator, and credentials that may post to its connections."""

    address: str
    callback_url: str
    poster: Credentials
    stranger: Credentials


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Start an emulator that verifies signatures, with an API that returns connection ids."""
    folder = tmp_path_factory.mktemp("verifying")
    with emulator(folder=folder, port=free_port(), persist=False) as here:
        api_id = _api(here.url, _function(here.url))
        path = f"127.0.0.1:{here.port}/_aws/execute-api/{api_id}/live"
        arn = f"arn:aws:execute-api:{REGION}:000000000000:{api_id}/live/POST/@connections/*"
        yield Api(
            f"ws://{path}",
            f"http://{path}",
            poster=_user(here.url, "poster", arn),
            stranger=_user(here.url, "stranger", arn.replace(api_id, "another")),
        )


def test_takes_our_signature(api: Api) -> None:
    """A signed post reaches the client, and a closed connection is gone."""
    with pushing_to(api.callback_url, credentials=lambda: api.poster) as push:
        with connect(api.address, proxy=None) as socket:
            connection_id = _connection_id(socket)

            delivery = push.send([connection_id], FRAME)

            assert (delivery.delivered, delivery.failed) == (1, ())
            assert socket.recv(timeout=10) == FRAME.decode()
        assert push.send(["bm9ib2R5="], FRAME).gone == ("bm9ib2R5=",)


def test_refuses_a_wrong_secret(api: Api) -> None:
    """A post that is signed with a wrong secret is rejected, so signatures are checked."""
    forger = Credentials(api.poster.access_key, "another secret")
    with (
        pushing_to(api.callback_url, credentials=lambda: forger) as push,
        pytest.raises(GatewayForbiddenError),
    ):
        push.send(["bm9ib2R5="], FRAME)


def test_refuses_missing_permissions(api: Api) -> None:
    """A good signature without `execute-api:ManageConnections` for this stage is rejected."""
    with (
        pushing_to(api.callback_url, credentials=lambda: api.stranger) as push,
        pytest.raises(GatewayForbiddenError),
    ):
        push.send(["bm9ib2R5="], FRAME)


def _connection_id(socket: Any) -> str:
    socket.send('{"action": "whoAmI"}')
    return str(socket.recv(timeout=20))


def _api(url: str, function_arn: str) -> str:
    gateway = client("apigatewayv2", url)
    api_id = str(
        gateway.create_api(
            Name="signed", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
        )["ApiId"]
    )
    integration = gateway.create_integration(
        ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=function_arn
    )
    target = f"integrations/{integration['IntegrationId']}"
    gateway.create_route(ApiId=api_id, RouteKey="$default", Target=target)
    gateway.create_stage(ApiId=api_id, StageName="live", AutoDeploy=True)
    return api_id


def _function(url: str) -> str:
    function_arn = create_function(url, "who", source=WHO_AM_I)
    client("lambda", url).add_permission(
        FunctionName="who",
        StatementId="gateway",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    return function_arn


def _user(url: str, name: str, resource: str) -> Credentials:
    iam = client("iam", url)
    iam.create_user(UserName=name)
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:ManageConnections",
        "Resource": resource,
    }
    iam.put_user_policy(
        UserName=name,
        PolicyName="post",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])
