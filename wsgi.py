"""The WSGI application, for any WSGI server: `gunicorn wsgi:app`."""

import gc

gc.disable()  # until ``bootstrap.settle``: what a start reads stays, and looking through it for garbage takes 40 ms

from callflow.process import web_app  # noqa: E402

app = web_app()
