"""The web application: the provider's webhooks (``voice``), audio, health and metrics, and the pages for people."""

from callflow.web.app import create_app

__all__ = ["create_app"]
