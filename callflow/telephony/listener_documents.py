"""The documents of those who listen (``core.listening``). None has a safe tail: a listener is let go instead."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callflow.core.stages import PlaceName as P
from callflow.telephony.document_builder import DocumentBuilder
from callflow.telephony.verbs import END, DocumentParts, seconds_of


def listen_wait(page: DocumentBuilder) -> DocumentParts:
    """In no room. It hangs up in the end, because a listener is never brought in without us."""
    spoken = page.opens()
    return [*spoken, *page.wait(int(page.place.number("seconds") - seconds_of(spoken))), *END]


def listening(page: DocumentBuilder) -> DocumentParts:
    """In the room, muted, or heard by the lead alone (3.8, 8.3)."""
    return [page.listens()]


def listen_menu(page: DocumentBuilder) -> DocumentParts:
    """A menu; after silence we say where the listener is to be."""
    return [page.staff_keys(page.says(), page.place.number("seconds")), page.redirect()]


PLACES: Mapping[P, Callable[[DocumentBuilder], DocumentParts]] = MappingProxyType({
    P.LISTEN_WAIT: listen_wait, P.LISTENING: listening, P.LISTEN_MENU: listen_menu,
})  # fmt: skip
