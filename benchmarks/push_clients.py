"""The push clients: each makes a function that posts one frame to many recipients.

All verify the stub's certificate and keep their connections.
They try up to six times on 429 and 5xx, and a post has a time-out of one second.
"""

import ssl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Any

FRAME = b'{"type":"message","message":{"roomId":"tea","seq":1,"text":"%b"}}' % (b"x" * 200)
REGION = "us-east-1"
KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a-session-token")
POST_SECONDS = 1
TRIES = 6
THREADS = 64
AIO_CONNECTIONS = 96
"""Number of connections, as many as our client opens at most."""

Send = Callable[[Sequence[str]], None]


def ours(url: str, authority: str) -> Send:
    """Return the chat's own push client, with its default settings."""
    from chat.gateway.push import GatewayPush
    from chat.gateway.sigv4 import Credentials

    push = GatewayPush(
        url,
        region=REGION,
        credentials=lambda: Credentials(*KEYS),
        tls_context=lambda: ssl.create_default_context(cafile=authority),
    )

    def send(connection_ids: Sequence[str]) -> None:
        push.send(connection_ids, FRAME)

    return send


def boto3_sequential(url: str, authority: str) -> Send:
    """Return boto3, which makes one post after the other."""
    post = _boto3_post(url, authority, connections=1)

    def send(connection_ids: Sequence[str]) -> None:
        for connection_id in connection_ids:
            post(connection_id)

    return send


def boto3_threads(url: str, authority: str) -> Send:
    """Return one boto3 client with 64 connections, and 64 threads that are kept."""
    post = _boto3_post(url, authority, connections=THREADS)
    threads = ThreadPoolExecutor(THREADS)

    def send(connection_ids: Sequence[str]) -> None:
        for _ in threads.map(post, connection_ids):
            pass

    return send


def _boto3_post(url: str, authority: str, *, connections: int) -> Callable[[str], None]:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=KEYS[0],
        aws_secret_access_key=KEYS[1],
        aws_session_token=KEYS[2],
        verify=authority,
        config=Config(
            max_pool_connections=connections,
            read_timeout=POST_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
        ),
    )

    def post(connection_id: str) -> None:
        with suppress(
            BotoCoreError, ClientError
        ):  # a recipient that never answers; the stub counts the served ones
            client.post_to_connection(ConnectionId=connection_id, Data=FRAME)

    return post


def aiobotocore(url: str, authority: str) -> Send:
    """Return one client on one loop with 96 connections, and 96 tasks that share the recipients."""
    import asyncio

    loop = asyncio.new_event_loop()
    client = loop.run_until_complete(_aio_client(url, authority))
    failures = import_module("botocore.exceptions")

    async def work(connection_ids: Iterator[str]) -> None:
        for connection_id in connection_ids:
            with suppress(failures.BotoCoreError, failures.ClientError):  # as above
                await client.post_to_connection(ConnectionId=connection_id, Data=FRAME)

    async def all_of(connection_ids: Sequence[str]) -> None:
        left = iter(connection_ids)
        await asyncio.gather(*(work(left) for _ in range(AIO_CONNECTIONS)))

    def send(connection_ids: Sequence[str]) -> None:
        loop.run_until_complete(all_of(connection_ids))

    return send


async def _aio_client(url: str, authority: str) -> Any:
    # From the environment of benchmarks/requirements.txt: aiobotocore and ministack pin botocore.
    session = import_module("aiobotocore.session").get_session()
    config = import_module("aiobotocore.config").AioConfig(
        max_pool_connections=AIO_CONNECTIONS,
        read_timeout=POST_SECONDS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
    )
    return await session.create_client(
        "apigatewaymanagementapi",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=KEYS[0],
        aws_secret_access_key=KEYS[1],
        aws_session_token=KEYS[2],
        verify=authority,
        config=config,
    ).__aenter__()


PUSH_CLIENTS: dict[str, Callable[[str, str], Send]] = {
    "ours": ours,
    "boto3": boto3_sequential,
    "boto3 x 64": boto3_threads,
    "aiobotocore": aiobotocore,
}
