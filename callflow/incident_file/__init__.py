"""The incident file: one zip about one call, for a court, the caller or an agent, which anybody can verify without
Callflow (docs/incident-file.md).

``collecting`` reads everything, ``audiences`` says who may see what, ``facts`` is what the file says, ``vcon``,
``report`` and ``pack`` write it down. ``verify`` goes into the file as it stands.
"""
