"""What all facts that reach a call have in common (``events``)."""

from datetime import datetime

from callflow.core.records import record


@record
class Event:
    at: datetime


@record
class LegEvent(Event):
    leg: str
