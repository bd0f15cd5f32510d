"""The queue of shards, for rooms that are too large to be pushed to by a sender's request."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chat_stack.storage.encryption import OF_RECEIVERS, OF_SENDERS, grant_key

DELIVERIES = 3
"""Tries at a shard that fails as a whole, before it is put aside."""

AT_ONCE = 20
"""Shards: their posts then reach what API Gateway gives an account, 10,000 a second."""

CONSUMING = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


class ShardQueue(Construct):
    """Shards wait here for the consumer; what fails for good is kept aside for two weeks."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        consumer_timeout: Duration,
        key: kms.IKey | None = None,
    ) -> None:
        """*key* encrypts what waits; without one, SQS has one."""
        super().__init__(scope, id_)
        self._key = key
        encryption = sqs.QueueEncryption.KMS if key else sqs.QueueEncryption.SQS_MANAGED
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            encryption=encryption,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=encryption,
            encryption_master_key=key,
            enforce_ssl=True,
            # A message that is an hour old has long been found by seq.
            retention_period=Duration.hours(1),
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
            visibility_timeout=Duration.seconds(6 * consumer_timeout.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=DELIVERIES
            ),
        )

    def grant_send(self, function: lambda_.Function) -> None:
        """Let *function* queue shards, and tell it where."""
        self.queue.grant(function, "sqs:SendMessage")
        grant_key(function, self._key, service="sqs", actions=OF_SENDERS)
        function.add_environment("QUEUE_URL", self.queue.queue_url)

    def feed(self, consumer: lambda_.IFunction) -> None:
        """Have *consumer* called with each shard, several side by side.

        Not `SqsEventSource`, which would grant more than what Lambda reads a queue with:
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html
        """
        self.queue.grant(consumer, *CONSUMING)
        grant_key(consumer, self._key, service="sqs", actions=OF_RECEIVERS)
        consumer.add_event_source_mapping(
            "Shards",
            event_source_arn=self.queue.queue_arn,
            batch_size=1,
            max_concurrency=AT_ONCE,
        )
