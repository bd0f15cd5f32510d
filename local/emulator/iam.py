"""IAM checks that MiniStack's own enforcement leaves out.

D-091 in docs/decisions says why every run enforces IAM.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

_app: Any = import_module("ministack.app")
_actions: Any = import_module("ministack.core.iam_actions")
_evaluator: Any = import_module("ministack.core.iam_evaluator")
_gateway: Any = import_module("ministack.services.apigateway")
_lambda: Any = import_module("ministack.services.lambda_svc")

Config = Mapping[str, Any]

CONSUMING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""Actions that Lambda needs from a function's role to poll a queue.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html
"""
LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")
GATEWAY = "apigateway.amazonaws.com"

_logged = set[tuple[str, ...]]()


def enforce() -> None:
    """Add the checks to those of `AUTH=true`; the emulator logs each denied call."""
    log_denials()
    plain_http()
    batches()
    queues()
    logs()
    authorizers()


def log_denials() -> None:
    """Log each denied call, since a caller may ignore the error."""
    plain = _evaluator.enforce

    def enforce_and_log(
        key: str, action: str, *rest: Any, resource_arn: str = "*", **options: Any
    ) -> Any:
        denied = plain(key, action, *rest, resource_arn=resource_arn, **options)
        if isinstance(denied, _evaluator.EvalResult):
            _log_denial(denied.principal_arn.split("/")[1], action, resource_arn)
        return denied

    _evaluator.enforce = enforce_and_log


def plain_http() -> None:
    """Treat requests as TLS, which policies of buckets and queues require.

    The emulator serves plain HTTP on 127.0.0.1.
    """
    plain = _app.pin_request_origin
    _app.pin_request_origin = lambda address, _is_secure: plain(address, True)


def batches() -> None:
    """Check an SQS batch call against its single action, as AWS does.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    """
    plain = _actions.extract_iam_action

    def extract(*request: Any) -> str | None:
        action: str | None = plain(*request)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    _actions.extract_iam_action = extract


def queues() -> None:
    """Poll a queue for a function only if its role allows it; MiniStack does not check."""
    plain = _lambda._iter_all_esms

    def readable() -> Iterator[tuple[str, str, dict[str, Any]]]:
        for account, region, mapping in plain():
            source = mapping.get("EventSourceArn", "")
            function, _ = _lambda._get_func_record_for_qualifier(mapping["FunctionName"], None)
            is_queue = function and source.startswith("arn:aws:sqs:")
            if not is_queue or may(function["config"]["Role"], *CONSUMING, resource=source):
                yield account, region, mapping

    _lambda._iter_all_esms = readable


def logs() -> None:
    """Write a function's log only if its role allows it; MiniStack does not check."""
    plain: Callable[..., None] = _lambda._emit_lambda_logs

    def emit(function: dict[str, Any], *rest: Any, **options: Any) -> None:
        if may_log(function.get("config") or function):
            plain(function, *rest, **options)

    _lambda._emit_lambda_logs = emit


def authorizers() -> None:
    """Call an authorizer only if its resource policy allows it; MiniStack does not check."""
    plain = _gateway._invoke_request_authorizer_lambda

    async def invoke(authorizer: Config, event: Config, account: str, region: str) -> Any:
        called = _gateway._extract_lambda_ref_from_integration_uri(authorizer["authorizerUri"])
        _, config, _ = _lambda._get_func_record_for_ref_in_scope(
            called, account_id=account, region=region
        )
        source = f"authorizers/{authorizer['authorizerId']}"
        if not config or not may_be_called(config, event["requestContext"]["apiId"], source):
            return None
        return await plain(authorizer, event, account, region)

    _gateway._invoke_request_authorizer_lambda = invoke


def may_be_called(config: Config, api_id: str, path: str) -> bool:
    """Return whether a function's resource policy lets *path* of an API call it."""
    function_arn = config["FunctionArn"]
    _, _, _, region, account, *_ = function_arn.split(":")
    policy, _ = _lambda.function_policy_for_arn(function_arn)
    # The policy is about this function alone; a version is called by its alias's name.
    statements = [{**statement, "Resource": "*"} for statement in policy["Statement"]]
    source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{path}"
    request = _request("lambda:InvokeFunction", function_arn, by=GATEWAY, source=source)
    decision = _evaluator.evaluate_resource_policy({"Statement": statements}, request, GATEWAY)
    return _decided(decision, GATEWAY, "lambda:InvokeFunction", function_arn)


def may_log(config: Config) -> bool:
    """Return whether a function's role may write to the function's log group."""
    _, _, _, region, account, *_ = config["FunctionArn"].split(":")
    group = (config.get("LoggingConfig") or {}).get("LogGroup")
    group = group or f"/aws/lambda/{config['FunctionName']}"
    stream = f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:any"
    return may(config["Role"], *LOGGING, resource=stream)


def may(role_arn: str, *actions: str, resource: str) -> bool:
    """Return whether the policies of a role allow all *actions* on *resource*."""
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    policies = _evaluator._gather_role_policies(name, account)
    return all(
        _decided(
            _evaluator.evaluate(_request(action, resource, by=role_arn), policies),
            *(name, action, resource),
        )
        for action in actions
    )


def _request(action: str, resource: str, *, by: str, source: str = "") -> Any:
    _, _, _, region, account, *_ = resource.split(":")
    return _evaluator.EvalContext(
        principal_arn=by,
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=region,
        service_context={"aws:sourcearn": source},
    )


def _decided(result: Any, *request: str) -> bool:
    """Return whether the call is allowed. Log a denial once until the call is allowed again."""
    if result.decision == "Allow":
        _logged.discard(request)
        return True
    if request not in _logged:
        _logged.add(request)
        _log_denial(*request)
    return False


def _log_denial(principal: str, action: str, resource: str) -> None:
    print(f"denied: {principal} {action} {resource}", flush=True)
