"""The application factory: the voice webhooks, audio, health and metrics."""

from flask import Flask

from callflow.fast_path.webhooks import FastPath
from callflow.telephony.signature import SIGNATURE, SIGNATURE_SETTINGS
from callflow.web import audio, health, voice
from callflow.web.dependencies import Dependencies

LARGEST_BODY = 64 * 1024
"""In bytes. The provider's forms have about 1 kB; the provider accepts documents up to this size (11750)."""


def create_app(dependencies: Dependencies) -> Flask:
    """Create a Flask application with these dependencies. Starts no thread and opens nothing."""
    app = Flask("callflow")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions["callflow"] = dependencies
    handlers = voice.Voice(dependencies)
    app.register_blueprint(voice.blueprint(handlers))
    app.register_blueprint(audio.blueprint(dependencies))
    app.register_blueprint(health.blueprint(dependencies))
    headers = (SIGNATURE, SIGNATURE_SETTINGS)
    fast_path = FastPath(app.wsgi_app, handlers.handle, voice.ROUTES, headers, LARGEST_BODY)
    app.wsgi_app = fast_path  # type: ignore[method-assign]
    return app
