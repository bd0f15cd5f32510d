"""The WebSocket API of the template: routes, responses, the permission, the URLs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chat.routes import ROUTES
from chat_stack.api.routes import ROUTE_KEYS
from tests.infrastructure.synthesis import CHAT, Synthesized, synthesize

FUNCTION = "AWS::Lambda::Function"
REPLYING = set(ROUTE_KEYS) - {"$connect", "$disconnect"}


def test_stack_and_code_agree_on_routes() -> None:
    """A route key is known to the stack if and only if the code has a handler for it."""
    assert set(ROUTE_KEYS) == set(ROUTES)
    assert len(set(ROUTE_KEYS)) == len(ROUTE_KEYS)


def test_every_action_is_a_named_route(each_environment: Synthesized) -> None:
    """Each route key is one route, chosen by the frame's `action`."""
    routes = each_environment.resources("AWS::ApiGatewayV2::Route").values()

    assert sorted(route["Properties"]["RouteKey"] for route in routes) == sorted(ROUTE_KEYS)
    api = each_environment.only("AWS::ApiGatewayV2::Api")
    assert api["ProtocolType"] == "WEBSOCKET"
    assert api["RouteSelectionExpression"] == "$request.body.action"


def test_routes_share_one_integration_with_the_one_function(each_environment: Synthesized) -> None:
    """Every route has the same integration, which is a Lambda proxy."""
    routes = each_environment.resources("AWS::ApiGatewayV2::Route").values()
    (integration,) = each_environment.resources("AWS::ApiGatewayV2::Integration")
    function = next(id_ for id_, it in each_environment.resources(FUNCTION).items() if _is_chat(it))

    targets = [route["Properties"]["Target"] for route in routes]

    assert all(target == _joined("integrations/", {"Ref": integration}) for target in targets)
    proxy = each_environment.only("AWS::ApiGatewayV2::Integration")
    assert proxy["IntegrationType"] == "AWS_PROXY"
    assert {"Fn::GetAtt": [function, "Arn"]} in proxy["IntegrationUri"]["Fn::Join"][1]


def test_requests_are_answered_by_route_responses(each_environment: Synthesized) -> None:
    """Every route but $connect and $disconnect returns what the function returns."""
    routes = each_environment.resources("AWS::ApiGatewayV2::Route")
    responses = each_environment.resources("AWS::ApiGatewayV2::RouteResponse").values()

    answered = [routes[response["Properties"]["RouteId"]["Ref"]] for response in responses]

    assert {route["Properties"]["RouteKey"] for route in answered} == REPLYING
    for route in routes.values():
        replies = "RouteResponseSelectionExpression" in route["Properties"]
        assert replies == (route["Properties"]["RouteKey"] in REPLYING)


def test_one_permission_lets_the_stage_invoke(each_environment: Synthesized) -> None:
    """API Gateway may invoke the function for any route of this stage, and for nothing else."""
    every = [
        it["Properties"] for it in each_environment.resources("AWS::Lambda::Permission").values()
    ]
    permissions = [it for it in every if it["Principal"] == "apigateway.amazonaws.com"]
    (permission,) = [it for it in permissions if not _is_for_authorizers(it)]
    assert len(permissions) == (1 if each_environment.has_guests else 2)

    assert permission["Action"] == "lambda:InvokeFunction"
    *_, api, path = permission["SourceArn"]["Fn::Join"][1]
    assert api == _api(each_environment)
    assert path == f"/{_stage(each_environment)}/*"


def test_stage_throttles_as_configured(stacks: Mapping[str, Synthesized]) -> None:
    """The stage has the throttling of the settings."""
    stage = stacks["Chat-prod"].only("AWS::ApiGatewayV2::Stage")

    settings = stage["DefaultRouteSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (5000, 5000)
    # The defaults are for every route, including `$connect`, unless a route has its own.
    assert "RouteSettings" not in stage
    assert stage["AutoDeploy"] is True


def test_function_pushes_to_the_stage_itself(prod: Synthesized) -> None:
    """On AWS, clients and the function use the API's own address."""
    variables = prod.function()["Environment"]["Variables"]

    callback = variables["CALLBACK_URL"]["Fn::Join"][1]
    url = prod.template.to_json()["Outputs"]["WebSocketUrl"]["Value"]["Fn::Join"][1]

    assert callback[:3] == ["https://", _api(prod), ".execute-api."]
    assert url[:3] == ["wss://", _api(prod), ".execute-api."]
    assert callback[-1] == url[-1] == "/prod"


def test_emulator_serves_the_local_stage(tmp_path: Path) -> None:
    """`-c gatewayUrl=...` sets the emulator's URL for the environment `local` only."""
    stacks = synthesize(tmp_path, gatewayUrl="http://127.0.0.1:9/api")

    local = stacks["Chat-local"]
    variables = local.function()["Environment"]["Variables"]
    url = local.template.to_json()["Outputs"]["WebSocketUrl"]["Value"]

    assert variables["CALLBACK_URL"] == _joined("http://127.0.0.1:9/api/", _api(local), "/local")
    assert url == _joined("ws://127.0.0.1:9/api/", _api(local), "/local")
    assert "127.0.0.1" not in json.dumps(stacks["Chat-prod"].template.to_json())


def _is_chat(resource: Mapping[str, Any]) -> bool:
    return bool(resource["Properties"]["Handler"] == CHAT)


def _joined(*parts: object) -> Mapping[str, object]:
    return {"Fn::Join": ["", list(parts)]}


def _api(synthesized: Synthesized) -> Mapping[str, str]:
    (api,) = synthesized.resources("AWS::ApiGatewayV2::Api")
    return {"Ref": api}


def _stage(synthesized: Synthesized) -> str:
    return str(synthesized.only("AWS::ApiGatewayV2::Stage")["StageName"])


def _is_for_authorizers(permission: Mapping[str, Any]) -> bool:
    return "/authorizers/" in str(permission["SourceArn"])
