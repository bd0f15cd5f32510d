"""Permissions that no test removes, by name: the reason, and a test that covers each.

A test removes each permission of any stack, or the permission is listed here.
If a new permission is neither, `test_permissions.py` fails.
It also fails if no stack has a permission of this list.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

from tests.infrastructure.all_settings import ACCOUNT, HOOK, REGION


class Reason(NamedTuple):
    """The reason why no test removes a permission, and a test of it below `tests/`."""

    why: str
    test: str


HERE = "infrastructure/iam/test_permissions.py::test_every_permission_is_verified_or_has_a_reason"
TRACES = Reason(
    "Lambda itself uses it, and no emulator checks it",
    "infrastructure/constructs/test_logging.py::test_functions_are_traced",
)
KEYS = Reason(
    "no emulator checks KMS when DynamoDB and SQS use a key",
    "infrastructure/constructs/test_encryption.py::test_functions_use_the_key_through_services",
)
KEY_POLICY = Reason(
    "no emulator checks a key's policy",
    "infrastructure/constructs/test_encryption.py::test_services_use_the_own_key_for_this_stack",
)
OWNER = Reason("the key's own account, which AWS requires in each key's policy", HERE)
TRUST = Reason("no emulator checks which service assumes a role", HERE)
ALIAS = Reason(
    "the same permission, on the alias that CodeDeploy shifts instead of the function",
    "infrastructure/constructs/test_gradual_deployment.py::test_callers_call_the_aliases",
)
SHIFT = Reason(
    "a policy that AWS manages; the emulator has no CodeDeploy",
    "infrastructure/constructs/test_gradual_deployment.py::test_every_function_is_shifted",
)
CANARY = Reason(
    "removed by the test of a chat with a canary",
    "integration/ops/test_canary.py::test_each_of_its_permissions_is_needed",
)
REVIEW = Reason(
    "removed by the test of a chat with a hook",
    "integration/e2e/test_guarded.py::test_the_hook_needs_its_permission",
)
RESTORED = Reason(
    "the same permissions, on the table that a setting names",
    "infrastructure/constructs/test_tables.py::test_rooms_of_another_table",
)
SCHEDULE = Reason(
    "the emulator's schedule checks no policy",
    "infrastructure/constructs/test_connection_closer.py::test_called_each_minute",
)
CANARY_SCHEDULE = SCHEDULE._replace(
    test="infrastructure/constructs/test_canary.py::test_runs_at_the_configured_interval"
)
PAGE = Reason(
    "the emulator has no CloudFront",
    "infrastructure/constructs/test_web.py::test_only_cloudfront_reads_and_only_over_tls",
)
UPLOAD = Reason("the CDK defines this function and its policy; the emulator cannot run it", HERE)
EMPTYING = Reason(
    "the CDK defines this function and its permissions",
    "infrastructure/constructs/test_removal.py::test_buckets_are_emptied_before_they_are_deleted",
)
GATEWAY = Reason(
    "a policy that AWS manages; the emulator's stages have no logs",
    "infrastructure/constructs/test_logging.py::test_the_account_has_a_role_before_the_stage_logs",
)
ALARM = Reason(
    "the emulator's alarms send no notifications",
    "infrastructure/constructs/test_alarms.py::test_the_topic_is_encrypted_and_takes_alarms_over_tls",
)

TRACED = ("ChatRole", "ConsumerRole", "CloserRole")
ROLES = (*TRACED, "AuthorizerFunctionRole")
"""Roles of the chat's functions. The last uses neither the tables nor the queue."""

EMPTYING_ROLE = "CustomS3AutoDeleteObjectsCustomResourceProviderRole"
"""Role of the function that empties the page's bucket."""

AWS_OWN = "has arn:aws:iam::aws:policy/service-role"
CALLS = "lambda:InvokeFunction"
API = "from arn:aws:execute-api:REGION:ACCOUNT:EndpointApi"
GROUPS = "arn:aws:logs:REGION:ACCOUNT:log-group:"
ASSETS = "arn:aws:s3:::cdk-hnb659fds-assets-ACCOUNT-REGION"

_TABLE = (
    *("BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem"),
    *("GetItem", "PutItem", "Query", "UpdateItem"),
)
_STORE = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
_SEND = ("Decrypt", "GenerateDataKey")
_LOG = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*")
_READ = ("GetBucket*", "GetObject*", "List*")
_PUT = ("", "LegalHold", "Retention", "Tagging", "VersionTagging")
_WRITE = ("Abort*", "DeleteObject*", *(f"PutObject{it}" for it in _PUT))


def _each(text: str, *choices: Iterable[str], why: Reason) -> Mapping[str, Reason]:
    """Return *why* for each combination of *choices*, inserted in *text*."""
    return {text.format(*chosen): why for chosen in product(*choices)}


def _trusts(service: str, *roles: str) -> Mapping[str, Reason]:
    return _each(f"{service}.amazonaws.com at {{}} sts:AssumeRole itself", roles, why=TRUST)


_SHIFTERS = [f"Deployment{it}ServiceRole" for it in ("Chat", "Consumer", "Closer", "Authorizer")]
_OF_KEYS = {
    **_each(
        "{} kms:{} Key if kms:ViaService dynamodb.REGION.amazonaws.com", ROLES[:3], _STORE, why=KEYS
    ),
    **_each("{} kms:{} Key if kms:ViaService sqs.REGION.amazonaws.com", ROLES[:3], _SEND, why=KEYS),
    **_each(
        "logs.REGION.amazonaws.com at Key kms:{} * if kms:EncryptionContext:aws:logs:arn "
        f"{GROUPS}AWS::StackName-* {GROUPS}/aws/apigateway/*",
        _LOG,
        why=KEY_POLICY,
    ),
    **_each(
        "cloudwatch.amazonaws.com at {} kms:{} * if aws:SourceAccount ACCOUNT",
        ("Key", "AlarmsNoticesKey"),
        ("Decrypt", "GenerateDataKey*"),
        why=KEY_POLICY,
    ),
    **_each("arn:aws:iam::ACCOUNT:root at {} kms:* *", ("Key", "AlarmsNoticesKey"), why=OWNER),
}
_OF_PAGE = {
    **_each("UploadServiceRole s3:{} WebBucket{}", (*_READ, *_WRITE), ("", "/*"), why=UPLOAD),
    **_each(f"UploadServiceRole s3:{{}} {ASSETS}{{}}", _READ, ("", "/*"), why=UPLOAD),
    **_each(
        "{} logs:{} WebLogs",
        ("UploadServiceRole", EMPTYING_ROLE),
        ("CreateLogStream", "PutLogEvents"),
        why=UPLOAD,
    ),
    **_each(
        f"{EMPTYING_ROLE} at WebBucketPolicy s3:{{}} WebBucket{{}}",
        ("DeleteObject*", "GetBucket*", "List*", "PutBucketPolicy"),
        ("", "/*"),
        why=EMPTYING,
    ),
    "cloudfront.amazonaws.com at WebBucketPolicy s3:GetObject WebBucket/* if AWS:SourceArn "
    "arn:aws:cloudfront::ACCOUNT:distribution/WebDistribution": PAGE,
}
_OF_CANARY = {
    **_each(
        "CanaryFunctionRole logs:{} CanaryFunctionLogs",
        ("CreateLogStream", "PutLogEvents"),
        why=CANARY,
    ),
    "CanaryFunctionRole cognito-idp:AdminInitiateAuth SignInUsersPool": CANARY,
    "CanaryFunctionRole secretsmanager:GetSecretValue CanaryPassword.Id": CANARY,
    f"events.amazonaws.com {CALLS} CanaryFunctionHandler from CanaryRule": CANARY_SCHEDULE,
}
_OF_SHIFTS = {
    **_each(f"{{}} {AWS_OWN}/AWSCodeDeployRoleForLambdaLimited", _SHIFTERS, why=SHIFT),
    f"apigateway.amazonaws.com {CALLS} AuthorizerFunctionLive {API}/authorizers/*": ALIAS,
    f"apigateway.amazonaws.com {CALLS} ChatLive {API}/STAGE/*": ALIAS,
    f"events.amazonaws.com {CALLS} CloserLive from EachMinuteRule": SCHEDULE,
}
UNVERIFIED: Mapping[str, Reason] = {
    **_OF_KEYS,
    **_OF_PAGE,
    **_OF_CANARY,
    **_OF_SHIFTS,
    **_each("{} xray:{} *", TRACED, ("PutTelemetryRecords", "PutTraceSegments"), why=TRACES),
    **_each(
        "ChatRole dynamodb:{} arn:aws:dynamodb:REGION:ACCOUNT:table/restored", _TABLE, why=RESTORED
    ),
    **_trusts("lambda", *ROLES, "CanaryFunctionRole", "UploadServiceRole", EMPTYING_ROLE),
    **_trusts("codedeploy", *_SHIFTERS),
    **_trusts("apigateway", "GatewayAccountRole"),
    f"ChatRole {CALLS} {HOOK.replace(REGION, 'REGION').replace(ACCOUNT, 'ACCOUNT')}": REVIEW,
    f"events.amazonaws.com {CALLS} CloserHandler from EachMinuteRule": SCHEDULE,
    f"GatewayAccountRole {AWS_OWN}/AmazonAPIGatewayPushToCloudWatchLogs": GATEWAY,
    "cloudwatch.amazonaws.com at AlarmsNoticesTopicPolicy sns:Publish AlarmsNoticesTopic "
    "if aws:SourceAccount ACCOUNT": ALARM,
}
