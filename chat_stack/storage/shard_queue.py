"""The queue of large rooms: shards of recipients that the consumer pushes to."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chat_stack.storage.encryption import RECEIVER_ACTIONS, SENDER_ACTIONS, grant_key

DELIVERIES = 10
"""Deliveries of a shard that fails as a whole, before it goes to the dead letters.

A delivery that Lambda throttles counts too.
With the default time-out, ten deliveries take 25 minutes, and the queue keeps a shard for an hour.
"""

CONCURRENCY = 20
"""Shards at the same time: their posts reach API Gateway's quota of 10,000 a second."""

CONSUMING = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


class ShardQueue(Construct):
    """A queue of shards, and a queue that keeps failed shards for two weeks."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        consumer_timeout: Duration,
        key: kms.IKey | None = None,
    ) -> None:
        """*key* encrypts the shards; without it, SQS uses its own key."""
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
            # After an hour, clients have received a message when they resumed.
            retention_period=Duration.hours(1),
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
            visibility_timeout=Duration.seconds(6 * consumer_timeout.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=DELIVERIES
            ),
        )

    def grant_send(self, function: lambda_.Function) -> None:
        """Let *function* send shards, and set its QUEUE_URL."""
        self.queue.grant(function, "sqs:SendMessage")
        grant_key(function, self._key, service="sqs", actions=SENDER_ACTIONS)
        function.add_environment("QUEUE_URL", self.queue.queue_url)

    def feed(self, consumer: lambda_.IFunction) -> None:
        """Invoke *consumer* with each shard, several at the same time.

        `SqsEventSource` would grant more than Lambda needs to read a queue:
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html
        """
        self.queue.grant(consumer, *CONSUMING)
        grant_key(consumer, self._key, service="sqs", actions=RECEIVER_ACTIONS)
        consumer.add_event_source_mapping(
            "Shards",
            event_source_arn=self.queue.queue_arn,
            batch_size=1,
            max_concurrency=CONCURRENCY,
        )
