"""Parts that are hand-written because a library is too slow for a live call.

Every part has its figure in this table, and a test that compares it with the library that it replaces:

================  ==========================================  ================  ===============================
part              replaces                                    CPU time          tests/fast_path/
================  ==========================================  ================  ===============================
webhooks          Flask's routing, contexts and responses     237 -> 55 us      ``test_webhooks.py``
forms             ``urllib.parse.parse_qsl``                  59 -> 20 us       ``test_forms.py``
http_connections  the ``Session`` of requests                 980 -> 370 us     ``test_http_connections.py``
routes            Werkzeug's ``Rule``                         306 -> 33 us      ``test_routes.py``
================  ==========================================  ================  ===============================

The first two count for every webhook, the third for every REST request, the fourth for every route at the start.
``python -m tests.bench.fast_path`` measures the figures; docs/performance.md has their effect on whole calls.

Two more are in ``telephony``, because only that package may name the provider: ``signature`` (instead of Twilio's
``RequestValidator``, 170 -> 10 us) and ``documents`` (instead of ``twilio.twiml``, 41 -> 15 us). A third,
``call_requests``, sends what the resources of twilio-python would: with ``direct_connections`` 170 -> 75 us an order.

Nothing here imports another package of Callflow. Routes, handlers and names of headers are passed in.
"""
