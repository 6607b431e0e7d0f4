"""The dependencies of the web layer, passed by the composition root. There are no globals."""

from collections.abc import Callable
from dataclasses import field

from callflow.core.records import record
from callflow.runtime.capacity import Capacity
from callflow.runtime.metrics import Metrics
from callflow.service.call_service import CallService
from callflow.service.configurations import Configurations
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.outgoing import OutgoingCalls
from callflow.service.page_work import NoPageWork, PageWork
from callflow.service.promises import Promises
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.troubles import Troubles
from callflow.telephony.signature import Verifier
from callflow.telephony.softphone import IssueToken
from callflow.telephony.urls import Urls
from callflow.web.recordings import Recordings


@record
class Dependencies:
    """``ready`` returns the names of the parts that cannot be used, each with the reason; empty if all of them can."""

    calls: CallService
    configurations: Configurations
    verifier: Verifier
    urls: Urls
    secrets: tuple[str, ...]
    recordings: Recordings
    metrics: Metrics
    troubles: Troubles
    ready: Callable[[], dict[str, str]]
    kept: RecordingKeeper | None = None
    outgoing: OutgoingCalls | None = None
    promises: Promises | None = None
    account: str = ""
    """The provider's id of the main account; calls of any other are calls of a sub-account."""
    capacity: Capacity = field(default_factory=Capacity)
    operations_token: str = field(default="", repr=False)
    warning: Callable[[], str] = str
    """Returns a problem that ops should solve although calls can be served, or ""."""
    jobs: Callable[[], str] = str
    """The same about slow work."""
    without_fallback: str = ""
    """What does not hold while this process is down, if nothing else answers then; else ""."""
    softphone: IssueToken | None = None
    lost_caller: Callable[[], None] | None = None
    """Called when somebody has joined the room of a call that is not known (``service.lost_callers``)."""

    page_work: PageWork = field(default_factory=NoPageWork)

    @property
    def follow_ups(self) -> FollowUpKeeper:
        """What people do about promises, alarms, incidents and check-ins."""
        assert self.promises, "an application without pages"
        return self.promises.keeper

    @property
    def secret(self) -> str:
        """The current one of ``secrets``."""
        return self.secrets[0]
