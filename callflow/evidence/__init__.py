"""Evidence that stands: a chain over the journal of each call, and a log over finished calls that others can watch.

Nothing in here knows a database or a network.
"""
