"""What is left of an erased call in the memory store, where nothing is sealed: the same as in a database."""

from dataclasses import replace

from callflow.core.call import Call
from callflow.core.codec import decode, encode
from callflow.core.stages import Stage
from callflow.service.moments import Moment
from callflow.service.ports import Entry
from callflow.store.errors import CannotErase
from callflow.store.sealed_rows import sealed_moment, sealed_note
from callflow.store.sealing import ERASED


def erase(call: Call, journal: list[Entry], history: list[Moment]) -> Call:
    """The call without private values, which are removed from the journal and the history in place.

    Raises CannotErase.
    """
    if call.stage is not Stage.ENDED:
        raise CannotErase(f"call {call.reference} is not over yet")
    journal[:] = [replace(one, note=sealed_note(one.note, one.seq, ERASED)) for one in journal]
    history[:] = [sealed_moment(one, ERASED) for one in history]
    return decode(encode(call, ERASED.seal_values), ERASED.open_values)
