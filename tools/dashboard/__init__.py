"""The dashboard as a picture, drawn from the template that would be deployed."""
