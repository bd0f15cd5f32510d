"""IAM as AWS enforces it: MiniStack's own enforcement, and the checks that it leaves out."""

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
"""What Lambda needs of a function's role to bring it a queue's messages.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html
"""
LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")
GATEWAY = "apigateway.amazonaws.com"

_told = set[tuple[str, ...]]()


def enforce() -> None:
    """Complete what `AUTH=true` begins; every refusal is a line in the emulator's log."""
    told_denials()
    plain_http()
    batches()
    queues()
    logs()
    authorizers()


def told_denials() -> None:
    """MiniStack tells a refusal to the caller only, who may be content with less."""
    plain = _evaluator.enforce

    def told(key: str, action: str, *rest: Any, resource_arn: str = "*", **options: Any) -> Any:
        denied = plain(key, action, *rest, resource_arn=resource_arn, **options)
        if isinstance(denied, _evaluator.EvalResult):
            _tell(denied.principal_arn.split("/")[1], action, resource_arn)
        return denied

    _evaluator.enforce = told


def plain_http() -> None:
    """The CDK's buckets and our queues demand TLS, which a laptop's own emulator does without."""
    plain = _app.pin_request_origin
    _app.pin_request_origin = lambda address, _is_secure: plain(address, True)


def batches() -> None:
    """A batch needs the right to its single action; MiniStack takes its name for an action.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    """
    plain = _actions.extract_iam_action

    def extract(*request: Any) -> str | None:
        action: str | None = plain(*request)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    _actions.extract_iam_action = extract


def queues() -> None:
    """MiniStack reads queues for functions without asking what their roles may do."""
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
    """MiniStack writes a function's log itself, where Lambda does it with the function's role."""
    plain: Callable[..., None] = _lambda._emit_lambda_logs

    def emit(function: dict[str, Any], *rest: Any, **options: Any) -> None:
        if may_log(function.get("config") or function):
            plain(function, *rest, **options)

    _lambda._emit_lambda_logs = emit


def authorizers() -> None:
    """MiniStack calls an authorizer without asking whether the function lets it."""
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
    """Whether a function's own policy lets the part at *path* of an API call it."""
    function_arn = config["FunctionArn"]
    _, _, _, region, account, *_ = function_arn.split(":")
    policy, _ = _lambda.function_policy_for_arn(function_arn)
    # All of it is about this function; a version is called under its alias's name.
    statements = [{**statement, "Resource": "*"} for statement in policy["Statement"]]
    source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{path}"
    asked = _asked("lambda:InvokeFunction", function_arn, by=GATEWAY, source=source)
    decision = _evaluator.evaluate_resource_policy({"Statement": statements}, asked, GATEWAY)
    return _decided(decision, GATEWAY, "lambda:InvokeFunction", function_arn)


def may_log(config: Config) -> bool:
    """Whether a function's role may write to the function's log group."""
    _, _, _, region, account, *_ = config["FunctionArn"].split(":")
    group = (config.get("LoggingConfig") or {}).get("LogGroup")
    group = group or f"/aws/lambda/{config['FunctionName']}"
    stream = f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:any"
    return may(config["Role"], *LOGGING, resource=stream)


def may(role_arn: str, *actions: str, resource: str) -> bool:
    """Whether the policies of a role allow all *actions* on *resource*."""
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    policies = _evaluator._gather_role_policies(name, account)
    return all(
        _decided(
            _evaluator.evaluate(_asked(action, resource, by=role_arn), policies),
            *(name, action, resource),
        )
        for action in actions
    )


def _asked(action: str, resource: str, *, by: str, source: str = "") -> Any:
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


def _decided(result: Any, *asked: str) -> bool:
    """Whether it is allowed; what is refused is told once, though it be asked for all the time."""
    if result.decision == "Allow":
        _told.discard(asked)
        return True
    if asked not in _told:
        _told.add(asked)
        _tell(*asked)
    return False


def _tell(principal: str, action: str, resource: str) -> None:
    print(f"denied: {principal} {action} {resource}", flush=True)
