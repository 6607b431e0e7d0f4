"""The WSGI application, for any WSGI server: `gunicorn wsgi:app`."""

from callflow.process import web_app

app = web_app()
