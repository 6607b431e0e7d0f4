"""Use cases over ports: take an event in one transaction, send what it orders, fire what is due, repair what was lost.

No Flask, no Twilio and no SQL here; those stand behind the protocols of ``ports``.
"""
