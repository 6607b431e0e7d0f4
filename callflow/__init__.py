"""Callflow: three steps for an agent with an angry caller, on an ordinary telephone.

Time out, delegate upwards, draw the line. The agent presses `*` and a digit; Twilio carries the call.

Read these files in this order for an overview in half an hour:

1. core/__init__.py   the concepts of the model
2. core/events.py     everything that can happen to a call
3. core/stages.py     the stages of a call, and the places of its legs
4. core/table.py      the handler of each event in each stage
5. core/commands.py   the requests to the network
6. service/ports.py   the interfaces to store, provider and other systems
"""

__version__ = "0.1.0"
