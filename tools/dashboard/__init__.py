"""The picture of the dashboard: the widgets of the template, drawn with sample data."""
