"""The verbs of documents that know a call by its name only: the stateless fallback, and the one at the provider.

They need no database, and their files could not be fetched, so lines are spoken by the voice. Pure.
"""

from callflow.core import prompts
from callflow.core.call import Prompt
from callflow.core.configuration import Configuration
from callflow.telephony.verbs import HANGUP, DocumentParts, Part, dial, escaped, one_key, said

FALLBACK_ROUNDS = 3


def into_room(room: str, staff: bool, events: str | None, star: str, jitter: str) -> DocumentParts:
    """The verbs that join a room of which only the name is known.

    There is no label, so no warning counts as heard. For the caller there is no action, which would be a request to us:
    when the Dial is over the next verb follows (3.6). It is another Dial, so that a room that ended by mistake does not
    hang up. Their number is limited, in case the room cannot be joined. ``star`` is the URL for the star key of staff,
    which leads to their own document as soon as it is available again. Whoever comes is announced by a beep, because
    a consultation may be going on there.
    """
    action = f' action="{escaped(star)}" method="POST"' if staff and star else ""
    return [
        Part(dial(room, staff=staff, events=events, jitter=jitter, action=action, announced=True))
    ] * FALLBACK_ROUNDS


def key_before(configuration: Configuration, action: str) -> DocumentParts:
    """The verbs that ask for any key, and hang up without one (floor F5). ``action`` is escaped."""
    return [Part(one_key([line(configuration, "failure_join")], action, 5))] * FALLBACK_ROUNDS + [HANGUP]


def line(configuration: Configuration, script: str, language: str = "", **values: str) -> Part:
    """A script without a call. Spoken by the voice, because the URL of a recording may not be answered now."""
    language = language or configuration.language
    text = prompts.text(configuration, language, Prompt(script, values))
    return Part(said(text, configuration.speaks(script, language)))
