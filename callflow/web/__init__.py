"""The Flask application: the provider's webhooks (``voice``), audio, health and metrics."""

from callflow.web.app import create_app

__all__ = ["create_app"]
