"""DynamoDB operations that the functions call on each table; a test records the real calls."""

CONNECTIONS_OPERATIONS = (
    *("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
    *("Query", "TransactWriteItems"),
)
ROOMS_OPERATIONS = (
    *("GetItem", "UpdateItem", "Query", "TransactWriteItems"),
    *("BatchGetItem", "BatchWriteItem"),
)
