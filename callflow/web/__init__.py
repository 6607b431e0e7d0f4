"""The Flask application: the provider's webhooks (``voice``), audio, health. Routes verify, translate, call, render."""

from callflow.web.app import create_app

__all__ = ["create_app"]
