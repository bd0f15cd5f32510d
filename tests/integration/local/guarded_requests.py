"""Requests that the emulator of `make run` refuses, and requests that it answers."""

from tests.support.signed_requests import JSON, Request

FORM = "application/x-www-form-urlencoded; charset=utf-8"
COGNITO = "AWSCognitoIdentityProviderService"
POLICY = "AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%5D%7D"


def call(target: str, body: str = "{}", *, content_type: str = JSON, query: str = "") -> Request:
    """Return a call of a JSON service."""
    headers = {"Content-Type": content_type, "X-Amz-Target": target}
    return Request("POST", f"/{query}", headers, body)


TABLES = call("DynamoDB_20120810.ListTables", content_type="application/x-amz-json-1.0")
NEW_ROLE = Request("GET", f"/?Action=CreateRole&RoleName=evil&{POLICY}&Version=2010-05-08")
NEW_USER = Request(
    "POST",
    headers={"Content-Type": FORM},
    body="Action=CreateUser&UserName=evil&Version=2010-05-08",
)
PREFLIGHT = Request(
    "OPTIONS",
    headers={
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-amz-target",
    },
)
SIGN_IN = call(
    f"{COGNITO}.InitiateAuth",
    '{"ClientId": "none", "AuthFlow": "USER_PASSWORD_AUTH",'
    ' "AuthParameters": {"USERNAME": "a", "PASSWORD": "b"}}',
)
HEALTH = Request("GET", "/_ministack/health")
RESET = Request("POST", "/_ministack/reset")

ADMINISTRATIVE = (
    RESET,
    Request("POST", "/_ministack/config", body='{"lambda_svc.LAMBDA_EXECUTOR": "docker"}'),
    Request("PUT", "/_ministack/cfn-response/token", body="{}"),
    Request("PUT", "/_ministack/cfn-signal/token", body="{}"),
    Request("POST", "/_ministack/eks-auth/review", body="{}"),
    Request("POST", "/_ministack/rds/iam-auth", body="{}"),
    Request("GET", "/_ministack/ready"),
    Request("GET", "/_ministack/sqs/messages"),
    Request("GET", "/_ministack/ses/messages"),
    Request("GET", "/_ministack/sns/sms-messages"),
    Request("GET", "/_ministack/lambda-code/name"),
    Request("GET", "/_ministack/lambda-layers/name/1/content"),
    Request("GET", "/_ministack/iot/ca.pem"),
    Request("GET", "/_ministack/rds/ca.pem"),
    Request("GET", "/_ministack/elasticache/ca.pem"),
    Request("GET", "/_ministack/transfer/sftp-ports"),
    Request("GET", "/%5Fministack/ready"),
    Request("GET", "/_localstack/health"),
    Request("GET", "/_alb/name/"),
    Request("GET", "/_aws/lambda-url/id/"),
)
"""Paths of MiniStack, which no part of the chat uses."""

UNSIGNED = (
    TABLES,
    NEW_USER,
    NEW_ROLE,
    Request("GET"),
    Request("OPTIONS"),
    Request("GET", "/health"),
    Request("GET", "/cdk-hnb659fds-assets-000000000000-us-east-1"),
    Request("GET", "/bucket/folder/.well-known/jwks.json"),
    Request("GET", "/2015-03-31/functions/"),
    Request("POST", "/2015-03-31/functions/chat/invocations", body="{}"),
    Request("POST", "/_aws/execute-api/api/local/@connections/id", body="{}"),
    Request("POST", "/oauth2/token", body="grant_type=client_credentials"),
    Request("GET", "/oauth2/authorize"),
    Request("POST", "/login", body="username=alice"),
    Request("POST", "/v1/apis/api/graphql", body="{}"),
    call(f"{COGNITO}.AdminCreateUser"),
    call(f"{COGNITO}.SignUp"),
    call(f"{COGNITO}.InitiateAuth", content_type="text/plain"),
    call(f"{COGNITO}.InitiateAuth", query="?Action=CreateRole&RoleName=evil"),
)
"""Requests without a signature that are neither the chat's handshake nor a sign-in."""
