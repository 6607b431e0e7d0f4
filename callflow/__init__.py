"""Callflow: three steps for an agent with an angry caller, on an ordinary telephone.

Time out, delegate upwards, draw the line. The agent presses `*` and a digit; Twilio carries the call.

Read these files in this order, and you have met the whole in half an hour:

1. core/__init__.py   the five nouns of the model
2. core/events.py     everything that can happen
3. core/stages.py     what the people are living through, and where that puts each of them
4. core/table.py      the one table: what happens when
5. core/commands.py   what we order from the network
6. service/ports.py   the seams to the world: store, gateway, clock, speech
"""

__version__ = "0.1.0"
