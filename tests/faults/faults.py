"""Every fault that is played in each stage of a call, by the name under which docs/promises.md tells of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callflow.emulator import Chaos
from tests.e2e.configurations import demo_configuration
from tests.e2e.conversation import Conversation
from tests.e2e.second_node import only_the_second_node
from tests.faults import databases, nodes, wires
from tests.faults.outcome import Fault, nothing

HOUR = 3600.0


class Rest:
    """The provider's REST API answers each request so, or its callbacks are treated so, until it ends."""

    def __init__(self, **how: Any) -> None:
        self._during = Chaos(**how)

    def begin(self, talk: Conversation) -> None:
        self._faults = talk.emulator.exchange.faults
        self._before, self._faults.chaos = self._faults.chaos, self._during

    def end(self, talk: Conversation) -> None:
        self._faults.chaos = self._before


class Wire:
    """What ``tests.faults.wires`` puts between the two."""

    def __init__(self, put: Callable[[Conversation], wires.Undo]) -> None:
        self._put = put

    def begin(self, talk: Conversation) -> None:
        self._undo = self._put(talk)

    def end(self, talk: Conversation) -> None:
        self._undo()


class FailOver:
    """The database server is lost with the seconds that its replica did not have; the replica takes over."""

    def how(self, folder: Path) -> dict[str, Any]:
        return {"store": databases.Replicated()}

    def begin(self, talk: Conversation) -> None:
        self._store: Any = talk.callflow.store
        self._at, self._store.cut = talk.clock.now(), True

    def end(self, talk: Conversation) -> None:
        self._store.cut = False
        self._store.fail_over(self._at)


def on_a_file(made: Any) -> Fault:
    return Fault(made.begin, made.end, databases.on_a_file)


def lasting(**how: Any) -> Fault:
    return Fault(Rest(**how).begin)


def passing(made: Any, how: Callable[[Path], dict[str, Any]] | None = None) -> Fault:
    return Fault(made.begin, made.end, how) if how else Fault(made.begin, made.end)


def hosted(folder: Path) -> dict[str, Any]:
    return {"hosted": True}


def with_another_configuration(talk: Conversation) -> None:
    nodes.starts(talk, talk.callflow.store, demo_configuration())


@dataclass(frozen=True, slots=True)
class Told:
    """A fault, what people live through while it lasts, and afterwards."""

    fault: Fault
    heard: str
    like_another: bool = False
    """People live through the same with another fault, so this one is left to `make test-long`."""


_CUT_OFF, _FAIL_OVER = nodes.CutOff(), FailOver()
_FORWARD, _BACK = nodes.SteppedClock(HOUR), nodes.SteppedClock(-HOUR)
DOCUMENTS = (
    "What is being heard goes on and leads back into the room. A key is answered by the safe document: caller and "
    "agent are together, a supervisor is asked for a key. Afterwards the star key opens the menu."
)
REST = (
    "Keys are answered at once, but whoever must be moved by the other's key moves when the API is back, or when their "
    "own document ends."
)
WITHOUT_FALLBACK = "The server is killed, with no fallback, and starts again after 10 s"
FAULTS: Mapping[str, Told] = {
    "Nothing fails, for comparison": Told(Fault(nothing), "-"),
    WITHOUT_FALLBACK: Told(
        Fault(nodes.dies, nodes.is_back),
        "As in the first table for those 10 s: whose document asks us meanwhile, or who presses a key, may hear the "
        "provider's error message and be cut off.",
    ),
    "The server is killed, the provider's document answers, and it starts again after 10 s": Told(
        Fault(nodes.dies, nodes.is_back, hosted),
        "As in the second table for those 10 s. New callers begin when the server is back.",
    ),
    "The server is killed, another node answers, and it starts again after 10 s": Told(
        Fault(only_the_second_node, nodes.is_back), "As in the third table for those 10 s."
    ),
    "A node's network is cut off for 10 s while it lives; another node has the same database": Told(
        Fault(_CUT_OFF.begin, _CUT_OFF.end, _CUT_OFF.how),
        "Nothing: the other node answers, and looks at every call. When the first one is back, what it had wanted to "
        "send is sent only if it is still wanted.",
    ),
    "The database file is locked by another program for 10 s": Told(on_a_file(databases.Locked()), DOCUMENTS),
    "The disk is full for 10 s": Told(on_a_file(databases.Full()), DOCUMENTS),
    "The database can only be read for 10 s": Told(on_a_file(databases.ReadOnly()), DOCUMENTS, True),
    "The database file is moved away for 10 s": Told(on_a_file(databases.Moved()), DOCUMENTS, True),
    "PostgreSQL fails over after 10 s to a replica that lacks the last 3 s": Told(
        Fault(_FAIL_OVER.begin, _FAIL_OVER.end, _FAIL_OVER.how),
        "As while the database is away. Then every call is looked at: people who are further than the database knows "
        "come together (an agent or supervisor whose acceptance is lost is asked for it once more), a question or a "
        "hold of those seconds is forgotten, and the journal says `moments_lost`. A call that is lost whole begins "
        "anew. A phone whose ringing is lost may ring again.",
    ),
    "The REST API answers 429 for 10 s": Told(passing(Rest(rest_429=1.0)), REST),
    "The REST API answers 5xx for 10 s": Told(passing(Rest(rest_5xx=1.0)), REST, True),
    "The REST API takes 4 s for each answer, for 10 s": Told(passing(Rest(rest_slow=(4.0, 4.0))), REST),
    "The REST API does what is asked and answers that it failed, for 10 s": Told(
        passing(Rest(rest_5xx_after_effect=1.0)),
        "A phone may ring again: whoever answers first stays, and the others are let go.",
    ),
    "All callbacks are lost, for good": Told(
        lasting(drop_callbacks=1.0),
        "A phone that does not answer is given up by our own deadline, and who has hung up is found by asking, within "
        "a minute.",
    ),
    "All webhooks are delivered twice, for good": Told(lasting(duplicate=1.0), "Nothing."),
    "All callbacks are 6 s late, for good": Told(lasting(delay=(6.0, 6.0)), "The next step comes up to 6 s later."),
    "Every document is cut off on the way to the provider, for 10 s": Told(
        passing(Wire(wires.half_documents), hosted),
        "The provider's own document answers. Without a fallback that another way leads to, a caller or an agent whose "
        "document is cut off hears the error message.",
    ),
    "The form of every webhook is cut off, for 10 s": Told(
        passing(Wire(wires.half_forms), hosted),
        "It is refused, as its signature does not fit, and nothing is decided. The provider's own document answers.",
    ),
    "The server starts again, and the configuration of its calls is gone": Told(
        Fault(with_another_configuration),
        "Calls go on with the present configuration, whose waits may be others.",
    ),
    "The machine's clock is set forward by an hour": Told(Fault(_FORWARD.begin, nothing, _FORWARD.how), "Nothing."),
    "The machine's clock is set back by an hour": Told(Fault(_BACK.begin, nothing, _BACK.how), "Nothing.", True),
}
