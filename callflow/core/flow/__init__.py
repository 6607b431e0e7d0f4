"""The verbs of a flow, each in the module of its name: the class of its steps (their data) and its handlers.

A handler never goes on by itself: it returns the way that follows (the name of a step, "" for the flow's end), or None
when the caller stays where they were put. ``core.flow_runner`` alone follows the ways, so no verb starts another one.

A new verb, ``ring_bell`` say, is:

- ``core/flow/ring_bell.py``: ``RingBellStep`` (of ``core.flow_step``), and ``begin`` with the other handlers it needs;
- its row in ``core/flow/verbs.py``;
- its keys in ``StepShape`` of ``configuration/reading/shapes.py`` (then ``callflow schema``), and which of them it
  must and may have in ``VERBS`` of ``configuration/checks/flows.py``;
- its row in ``STEPS`` of ``configuration/convert_flows.py``;
- its row in ``docs/flows.md``, and a step of it in ``docs/flows/``.

Where it asks in a new way, ``telephony/flow_documents.py`` renders that (the ``how`` of ``next_step.put``) and ``proof/asked.py``
lists what can be answered. Tests fail for a verb that lacks any of the rows.
"""
