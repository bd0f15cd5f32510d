"""Alarms: their descriptions and runbooks, their state without data, and their notifications."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from chat.errors import Code
from chat.observability.metrics import UNITS
from chat_stack.monitoring.metrics import CODES
from chat_stack.storage.operations import CONNECTIONS_OPERATIONS, ROOMS_OPERATIONS
from tests.infrastructure.synthesis import CONTEXT, PROJECT, Synthesized, synthesize

METRIC, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
DOCS = PROJECT / "docs"
INDEX = (DOCS / "operations.md").read_text()
OWN = "LiveChat/"


def properties(stack: Synthesized, type_: str) -> dict[str, Mapping[str, Any]]:
    return {id_: it["Properties"] for id_, it in stack.resources(type_).items()}


def alarms(stack: Synthesized) -> dict[str, Mapping[str, Any]]:
    return properties(stack, METRIC) | properties(stack, COMPOSITE)


def pages(stack: Synthesized) -> set[str]:
    """Return the runbook pages that the alarms' descriptions name, without the folder."""
    found = [alarm["AlarmDescription"] for alarm in alarms(stack).values()]
    return {description.partition(" See docs/runbooks/")[2] for description in found}


def runbooks() -> dict[str, str]:
    """Return the text of each runbook page by its file name."""
    return {path.name: path.read_text() for path in (DOCS / "runbooks").glob("*.md")}


def metrics(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the metrics of an alarm, with or without metric math."""
    stats = [it["MetricStat"]["Metric"] for it in alarm.get("Metrics", []) if "MetricStat" in it]
    return stats or [alarm] if "MetricName" in alarm else stats


def environment(tmp_path: Path, **settings: Any) -> Synthesized:
    """Return the stack of production, with other *settings*."""
    environments = {"prod": {**CONTEXT["environments"]["prod"], "webHosting": False, **settings}}
    stacks = synthesize(tmp_path, environments=environments)
    return stacks["Chat-prod"]


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """Return production with an authorizer, a canary, and an address for its alarms."""
    folder = tmp_path_factory.mktemp("signed-in")
    identity = {"type": "cognito"}
    return environment(folder, identity=identity, alarmEmail="ops@example.com", canaryMinutes=5)


@pytest.fixture(scope="module")
def shifting(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """Return production with every alarm, including those of a gradual deployment."""
    return environment(
        tmp_path_factory.mktemp("shifting"),
        identity={"type": "cognito"},
        canaryMinutes=5,
        trafficShift="linear10PercentEvery1Minute",
    )


def test_each_alarm_has_a_runbook_and_each_runbook_an_alarm(shifting: Synthesized) -> None:
    """Every alarm's description names an existing page, and every page belongs to an alarm."""
    assert pages(shifting) == set(runbooks())


def test_each_runbook_says_what_to_do() -> None:
    """A page has a severity, and explains the meaning, the first look and the cure."""
    for name, text in runbooks().items():
        assert re.search(
            r"^\*\*Severity\*\*: (critical|high|medium|low|symptom of) ?\S*", text, re.M
        )
        parts = re.findall(r"^## (.+)\n\n\S", text, flags=re.MULTILINE)
        assert parts == ["Meaning", "First look", "Cure"], name


def test_the_index_lists_each_runbook_with_its_severity() -> None:
    """docs/operations.md has one row for each page, with the page's own title and severity."""
    rows = re.findall(r"^\| (.+) \| (.+) \| \[(.+)\]\(runbooks/(.+)\) \|$", INDEX, re.MULTILINE)

    assert sorted(page for *_, page in rows) == sorted(runbooks())
    for alarm, severity, link, page in rows:
        text = runbooks()[page]
        said = re.search(r"^\*\*Severity\*\*: (.+)$", text, re.MULTILINE)
        assert said
        assert f"{link}.md" == page
        assert re.sub(r"\[(\w+)\]\(.+?\)", r"\1", said[1]).startswith(f"{severity}.")
        assert page == "rollback.md" or text.startswith(f"# {alarm}\n")


def test_links_of_the_index_and_the_runbooks_lead_somewhere() -> None:
    """Every link within docs/operations.md and the runbooks names a page and a heading of it."""
    for path in (DOCS / "operations.md", *(DOCS / "runbooks").glob("*.md")):
        for link in re.findall(r"\]\(([^):]+)\)", path.read_text()):
            page, _, heading = link.partition("#")
            target = path.parent / page if page else path
            assert target.exists(), f"{path.name}: {link}"
            assert not heading or heading in headings(target.read_text()), f"{path.name}: {link}"


def headings(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {heading.lower().replace(" ", "-") for heading in found}


def test_each_alarm_says_why(signed_in: Synthesized) -> None:
    """The description gives a reason, and is within CloudWatch's limit of 1024 characters."""
    for alarm in alarms(signed_in).values():
        reason = alarm["AlarmDescription"].partition(" See ")[0]
        assert len(reason) > 40
        assert reason.endswith((".", "`."))
        assert len(alarm["AlarmDescription"]) <= 1024


def test_a_chat_without_traffic_raises_no_alarm(signed_in: Synthesized) -> None:
    """Without data, only the canary's alarm is raised.

    After one bad period, only the alarm of dead letters can be raised.
    """
    for id_, alarm in properties(signed_in, METRIC).items():
        silent = "breaching" if "Canary" in id_ else "notBreaching"
        assert alarm["TreatMissingData"] == silent
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
        if "DeadLetters" not in id_:
            assert alarm["DatapointsToAlarm"] >= 2


def test_only_causes_send_notifications(signed_in: Synthesized) -> None:
    """An alarm that sends no notification is part of the rule of exactly one that does."""
    (topic,) = signed_in.resources("AWS::SNS::Topic")
    rules = {
        id_: json.dumps(it["AlarmRule"]) for id_, it in properties(signed_in, COMPOSITE).items()
    }

    for id_, alarm in alarms(signed_in).items():
        notifies = id_ in rules or "DeadLetters" in id_ or "Canary" in id_
        expected = [{"Ref": topic}] if notifies else None
        assert alarm.get("AlarmActions") == alarm.get("OKActions") == expected
        if not notifies:
            assert sum(f'"{id_}"' in rule for rule in rules.values()) == 1


def test_a_database_problem_is_one_notification(signed_in: Synthesized) -> None:
    """While the database alarm is raised, the alarms of its consequences are not."""
    found = properties(signed_in, COMPOSITE)
    (database,) = [id_ for id_ in found if "DatabaseProblem" in id_]

    suppressed = [id_ for id_, it in found.items() if _excludes(it["AlarmRule"], database)]

    assert sorted(re.sub(r"^Alarms|[0-9A-F]{8}$", "", id_) for id_ in suppressed) == [
        "DeliveryProblem",
        "RequestProblem",
    ]


def _excludes(rule: Mapping[str, Any], id_: str) -> bool:
    parts = rule["Fn::Join"][1]
    return any(
        part == {"Fn::GetAtt": [id_, "Arn"]} and "NOT (ALARM" in parts[n - 1]
        for n, part in enumerate(parts)
    )


def test_functions_queue_and_tables_are_watched(signed_in: Synthesized) -> None:
    """The errors and throttles of each function, queue and table are in an alarm."""
    seen = {
        (metric["Namespace"], metric["MetricName"], *_refs(metric))
        for alarm in properties(signed_in, METRIC).values()
        for metric in metrics(alarm)
    }

    functions = [
        id_
        for id_, it in signed_in.resources("AWS::Lambda::Function").items()
        if it["Properties"].get("Handler", "").startswith("chat.")
    ]
    assert len(functions) == 4
    for function in functions:
        assert ("AWS/Lambda", "Throttles", function) in seen
    for table in signed_in.resources("AWS::DynamoDB::Table"):
        for name in ("ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors"):
            assert ("AWS/DynamoDB", name, table) in seen
    (dead,) = [id_ for id_ in signed_in.resources("AWS::SQS::Queue") if "DeadLetters" in id_]
    assert ("AWS/SQS", "ApproximateNumberOfMessagesVisible", dead) in seen
    assert (f"{OWN}Chat-prod", "AuthorizerFaults") in seen


def test_store_errors_are_those_of_the_operations_that_are_called(signed_in: Synthesized) -> None:
    """StoreErrors counts every operation on either table, except batches."""
    counted = {
        (it["Dimensions"][1]["Value"]["Ref"], it["Dimensions"][0]["Value"])
        for alarm in properties(signed_in, METRIC).values()
        for it in metrics(alarm)
        if it["MetricName"] == "SystemErrors"
    }

    outputs = signed_in.template.to_json()["Outputs"]
    operations = {
        "ConnectionsTable": CONNECTIONS_OPERATIONS,
        "RoomsTable": [it for it in ROOMS_OPERATIONS if not it.startswith("Batch")],
    }
    assert counted == {
        (outputs[table]["Value"]["Ref"], name)
        for table, names in operations.items()
        for name in names
    }


def _refs(metric: Mapping[str, Any]) -> list[str]:
    """Return the logical ids among a metric's dimensions."""
    values = [it["Value"] for it in metric.get("Dimensions", [])]
    return [
        value.get("Ref") or value["Fn::GetAtt"][0] for value in values if isinstance(value, dict)
    ]


def test_functions_write_the_metrics_of_alarms(signed_in: Synthesized) -> None:
    """An alarm on a metric that no function writes could never be raised."""
    for alarm in properties(signed_in, METRIC).values():
        assert len(metrics(alarm)) <= 10
        for metric in metrics(alarm):
            if metric["Namespace"].startswith(OWN):
                assert metric["MetricName"] in {*UNITS, "Errors"}
    assert set(CODES) == set(get_args(Code))


def test_the_topic_is_encrypted_and_takes_alarms_over_tls(signed_in: Synthesized) -> None:
    """The key and the topic accept only the account's alarms. The topic rejects plain HTTP."""
    topic = signed_in.only("AWS::SNS::Topic")
    key = signed_in.only("AWS::KMS::Key")
    statements = signed_in.only("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]

    assert topic["KmsMasterKeyId"]["Fn::GetAtt"][0] in signed_in.resources("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    deny, allow = statements
    assert deny["Effect"] == "Deny"
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    alarms_may = allow, key["KeyPolicy"]["Statement"][-1]
    for statement in alarms_may:
        assert statement["Effect"] == "Allow"
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        account = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert statement["Condition"] == {"StringEquals": account}


def test_the_configured_address_is_notified(signed_in: Synthesized, prod: Synthesized) -> None:
    """The topic is subscribed by `alarmEmail`. Without an address, the topic has no subscriber."""
    subscription = signed_in.only("AWS::SNS::Subscription")

    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.com")
    assert not prod.resources("AWS::SNS::Subscription")
    assert prod.resources("AWS::SNS::Topic")


def test_a_chat_of_guests_has_no_authorizer_alarm(stacks: Mapping[str, Synthesized]) -> None:
    """Without sign-in, canary and gradual deployment, exactly their alarms are missing."""
    missing = set(runbooks()) - pages(stacks["Chat-dev"])

    assert missing == {"authorizer-faults.md", "canary-failures.md", "rollback.md"}


def test_alarms_can_be_off(tmp_path: Path) -> None:
    """Without `alarms`, there is no alarm, no topic and no key. The dashboard remains."""
    stack = environment(tmp_path, alarms=False)

    assert not alarms(stack)
    assert not stack.resources("AWS::SNS::Topic")
    assert not stack.resources("AWS::KMS::Key")
    assert stack.resources("AWS::CloudWatch::Dashboard")
