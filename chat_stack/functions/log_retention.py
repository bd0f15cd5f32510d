"""How long logs are kept, as the CDK says it."""

from aws_cdk import aws_logs as logs

from chat_stack.settings.settings import LogRetentionDays


def log_retention(days: LogRetentionDays) -> logs.RetentionDays:
    """The CDK's name for a number of days, which it takes by name only."""
    names: dict[LogRetentionDays, logs.RetentionDays] = {
        1: logs.RetentionDays.ONE_DAY,
        3: logs.RetentionDays.THREE_DAYS,
        5: logs.RetentionDays.FIVE_DAYS,
        7: logs.RetentionDays.ONE_WEEK,
        14: logs.RetentionDays.TWO_WEEKS,
        30: logs.RetentionDays.ONE_MONTH,
        60: logs.RetentionDays.TWO_MONTHS,
        90: logs.RetentionDays.THREE_MONTHS,
        180: logs.RetentionDays.SIX_MONTHS,
        365: logs.RetentionDays.ONE_YEAR,
        731: logs.RetentionDays.TWO_YEARS,
        1827: logs.RetentionDays.FIVE_YEARS,
        3653: logs.RetentionDays.TEN_YEARS,
    }
    return names[days]
