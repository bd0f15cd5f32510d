"""The two DynamoDB tables behind the ports."""
