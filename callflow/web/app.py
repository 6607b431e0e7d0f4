"""The application factory: the voice webhooks, audio, health. Whatever goes wrong on a live call is answered safely."""

from flask import Flask

from callflow.web import audio, health, voice
from callflow.web.door import Door
from callflow.web.parts import Parts

LARGEST_BODY = 64 * 1024
"""The provider's forms are about 1 kB; documents are refused above this size by the provider itself (11750)."""


def create_app(parts: Parts) -> Flask:
    """A Flask application over these parts. It starts no thread and opens nothing."""
    app = Flask("callflow")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions["callflow"] = parts
    handlers = voice.Voice(parts)
    app.register_blueprint(voice.blueprint(handlers))
    app.register_blueprint(audio.blueprint(parts))
    app.register_blueprint(health.blueprint(parts))
    app.wsgi_app = Door(app.wsgi_app, handlers, LARGEST_BODY)  # type: ignore[method-assign]
    return app
