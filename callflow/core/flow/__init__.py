"""The verbs of a flow, each in the module of its name: the class of its steps (their data) and its handlers.

A handler returns the name of the next step, "" for the end of the flow, or None if the caller stays where they are.
Only ``core.flow_runner`` begins steps, so no verb starts another one.

A new verb, ``ring_bell`` say, needs:

- ``core/flow/ring_bell.py``: ``RingBellStep`` (of ``core.flow_step``), and ``begin`` with the other handlers it needs;
- its row in ``core/flow/verbs.py``;
- its keys in ``StepShape`` of ``configuration/reading/shapes.py`` (then run ``callflow schema``), and in ``VERBS`` of
  ``configuration/checks/flows.py`` which of them it must and may have;
- its row in ``STEPS`` of ``configuration/convert_flows.py``;
- its row in ``docs/flows.md``, and an example in ``docs/flows/``.

If it asks in a new way, ``telephony/flow_documents.py`` renders that (the ``how`` of ``next_step.put``), and
``proof/step_answers.py`` lists the possible answers. Tests fail for a verb that lacks any of these rows.
"""
