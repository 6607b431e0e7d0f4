"""What is left of an erased call in the memory store, where nothing is sealed: the same as in a database."""

from dataclasses import replace
from typing import Any

from callflow.core.codec import decode, encode
from callflow.core.stages import Stage
from callflow.store.errors import CannotErase


class MemoryErasing:
    """Uses the dictionaries of ``memory.MemoryStore``."""

    def erase(self: Any, call: str) -> bool:
        from callflow.store.sealed_rows import sealed_moment, sealed_note  # 40 ms, which a simulation does not need
        from callflow.store.sealing import ERASED

        with self._lock:
            self._check()
            found = self._calls.get(call)
            if found is None:
                return False
            if found.stage is not Stage.ENDED:
                raise CannotErase(f"call {found.reference} is not over yet")
            self._calls[call] = decode(encode(found, ERASED.seal_values), ERASED.open_values)
            self._journal[call] = [
                replace(one, note=sealed_note(one.note, one.seq, ERASED)) for one in self._journal[call]
            ]
            self._history[call] = [sealed_moment(one, ERASED) for one in self._history.get(call, ())]
            self._erase_recordings(call)
            self._erase_transcripts(call)
            self._erase_follow_ups(call)
            self._orders = {id: one for id, one in self._orders.items() if one.order.call != call}
        return True
