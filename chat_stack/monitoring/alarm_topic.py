"""The SNS topic that alarms notify."""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class AlarmTopic(Construct):
    """An encrypted topic that only alarms of this account may publish to, over TLS."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        email: str | None = None,
        key: kms.IKey | None = None,
    ) -> None:
        """*email* is subscribed; operators may subscribe others. Without *key*, one is created."""
        super().__init__(scope, id_)
        key = key or self._own_key()
        key.grant(self._alarms(), "kms:Decrypt", "kms:GenerateDataKey*")
        self.topic = sns.Topic(
            self, "Topic", display_name="Live chat", enforce_ssl=True, master_key=key
        )
        # `enforce_ssl` replaces the default policy, which would let alarms publish.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Alarms",
                actions=["sns:Publish"],
                principals=[self._alarms()],
                resources=[self.topic.topic_arn],
            )
        )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def _own_key(self) -> kms.Key:
        """Create a key: alarms may not use the key that AWS manages for SNS.

        https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
        """
        return kms.Key(
            self,
            "Key",
            description="Encrypts the messages of alarms",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _alarms(self) -> iam.IPrincipal:
        return iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
