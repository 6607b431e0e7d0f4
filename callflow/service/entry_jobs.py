"""The jobs that follow from new entries of a call's journal."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.notes import Note
from callflow.service.follow_ups import kept_by
from callflow.service.jobs import NewJob
from callflow.service.recognising import to_prepare, to_propose
from callflow.service.recordings import Recording, jobs_for
from callflow.service.retention import held_after
from callflow.service.webhooks import to_send


def jobs_after(call: Call, configuration: Configuration, notes: Sequence[Note], recordings: Sequence[Recording],
               at: datetime) -> Sequence[NewJob]:  # fmt: skip
    """``recordings`` are those that the entries are about. Most units of work write no entries, and have no jobs."""
    if not notes:
        return ()
    prepared = (to_prepare(call, notes, configuration), to_propose(call, notes))
    return (
        *chain.from_iterable(map(jobs_for, recordings)),
        *kept_by(call, notes, at),
        *to_send(configuration, call.id, notes, at),
        *held_after(call, notes, at),
        *[job for job in prepared if job is not None],
    )
