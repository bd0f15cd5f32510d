"""Widgets of the dashboard."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch

Axis = cloudwatch.YAxisProps
Metrics = list[cloudwatch.IMetric]

COLUMNS = 24
FIGURE, GRAPH = 3, 6
"""Heights of single values and of graphs."""


def figure(title: str, metric: cloudwatch.IMetric) -> cloudwatch.SingleValueWidget:
    """Return the newest value above a small graph."""
    return cloudwatch.SingleValueWidget(
        title=title, metrics=[metric], sparkline=True, width=4, height=FIGURE
    )


def states(
    title: str, alarms: Sequence[cloudwatch.IAlarm], *, width: int
) -> cloudwatch.AlarmStatusWidget:
    """Return the states of *alarms*."""
    return cloudwatch.AlarmStatusWidget(
        alarms=list(alarms), title=title, width=width, height=FIGURE
    )


def graph(
    title: str,
    left: Metrics,
    *,
    right: Metrics | None = None,
    axis: Axis | None = None,
    stacked: bool = False,
    width: int = 8,
) -> cloudwatch.GraphWidget:
    """Return a graph; the metrics of *right* have the right axis."""
    return cloudwatch.GraphWidget(
        title=title,
        left=left,
        right=right,
        left_y_axis=axis or Axis(min=0, show_units=False),
        right_y_axis=Axis(show_units=False) if right else None,
        stacked=stacked,
        width=width,
        height=GRAPH,
    )
