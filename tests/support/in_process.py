"""AWS services of the emulator's library in this process, behind boto3 clients.

A request costs about 1 ms of computing time, without a process, a socket or a signature.
The same request costs 2 to 70 ms with moto.
"""

import threading
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config
from botocore.parsers import create_parser

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_sqs import SQSClient

Item = dict[str, Any]

_one_request = threading.Lock()  # as in the emulator, which handles one request at a time


def dynamodb_in_process() -> "DynamoDBClient":
    """Return a DynamoDB client. All clients of a process see the same tables."""
    client: DynamoDBClient = _client("dynamodb")
    return client


def sqs_in_process() -> "SQSClient":
    """Return an SQS client. All clients of a process see the same queues."""
    client: SQSClient = _client("sqs")
    return client


def items_of(table: str) -> list[Item]:
    """Return all items of a table without a request. Do not change them."""
    tables = import_module("ministack.services.dynamodb")._tables
    return [item for items in tables[table]["items"].values() for item in items.values()]


def all_items() -> Iterator[Item]:
    """Yield all items of all tables of this process without a request. Do not change them."""
    for table in import_module("ministack.services.dynamodb")._tables:
        yield from items_of(table)


def reset_dynamodb() -> None:
    """Delete every table of this process."""
    import_module("ministack.services.dynamodb").reset()


def _client(service: str) -> Any:
    client = boto3.client(
        service,  # type: ignore[call-overload]  # one of two services
        region_name="us-east-1",
        endpoint_url=f"http://{service}.invalid",
        # botocore builds its own user agent anew for each request, a tenth of the computing time
        config=Config(signature_version=UNSIGNED, user_agent="tests"),
    )
    handle_request = import_module(f"ministack.services.{service}").handle_request
    parser: Any = create_parser("json")

    def call(params: dict[str, Any], model: "OperationModel", **_: Any) -> tuple[AWSResponse, Any]:
        headers = {name.lower(): value for name, value in params["headers"].items()}
        with _one_request:
            status, fields, body = _result(
                handle_request("POST", "/", headers, _bytes(params["body"]), {})
            )
        response = {"status_code": status, "headers": HeadersDict(fields), "body": _bytes(body)}
        parsed = parser.parse(response, model.output_shape)
        code = parsed.get("Error", {}).get("Code")
        shape: Any = model.service_model.shape_for_error_code(code)
        if shape is not None:
            parsed |= parser.parse(response, shape)  # such as the CancellationReasons
        return AWSResponse(params["url"], status, response["headers"], None), parsed

    # It ends the call, so the handlers that tests register must run before it.
    client.meta.events.register_last(f"before-call.{service}", call)
    return client


def _result(handling: Any) -> Any:
    """Return the result of a coroutine; most have it without a loop."""
    try:
        handling.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("the service waits; receive without a waiting time")


def _bytes(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""
