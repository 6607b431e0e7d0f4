"""The REST API (twilio.md 5) as a WSGI callable with a small router. One module per resource."""
