"""The use cases: apply events in a transaction, send the resulting requests, fire deadlines, repair what was lost.

There is no Flask, no Twilio and no SQL here. They are behind the protocols of ``ports``.
"""
