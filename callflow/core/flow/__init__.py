"""The verbs of a flow, each in its own module.

A verb never goes on by itself: its functions return the way that follows (the name of a step, "" for the flow's end),
or None when the caller stays where they were put. ``arriving`` alone follows the ways, so no verb knows another one.
"""
