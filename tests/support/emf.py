"""The JSON schema of CloudWatch's embedded metric format."""

from jsonschema import Draft202012Validator

NAME = {"type": "string", "minLength": 1}


DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "additionalProperties": False,
    "properties": {
        "Namespace": {**NAME, "maxLength": 1024},
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "array", "maxItems": 30, "items": {**NAME, "maxLength": 250}},
        },
        "Metrics": {
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "items": {
                "type": "object",
                "required": ["Name"],
                "additionalProperties": False,
                "properties": {
                    "Name": {**NAME, "maxLength": 1024},
                    "Unit": {"enum": ["Count", "Milliseconds"]},
                    "StorageResolution": {"enum": [1, 60]},
                },
            },
        },
    },
}


SCHEMA = Draft202012Validator(
    {
        "type": "object",
        "required": ["_aws"],
        "properties": {
            "_aws": {
                "type": "object",
                "required": ["Timestamp", "CloudWatchMetrics"],
                "properties": {
                    "Timestamp": {"type": "integer"},
                    "CloudWatchMetrics": {"type": "array", "items": DIRECTIVE},
                },
            }
        },
    }
)
"""The specification's, narrowed to what is used here: its other units are allowed too.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""
