"""What the tests of the gateway share: one account, one request of each kind, and a gateway that ``responses`` sees."""

from callflow.fast_path.http_connections import ThroughRequests
from callflow.service.ports import Gateway, RedirectRequest, ReleaseRequest, RingRequest
from callflow.telephony.gateway import TwilioGateway
from callflow.telephony.limiter import Limiter
from callflow.telephony.urls import Urls

ACCOUNT, LEG = "AC" + "0" * 32, "CA" + "1" * 32
API = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
CALLS, ONE = f"{API}/Calls.json", f"{API}/Calls/{LEG}.json"
NUMBER = "+15550100121"
URLS = Urls("https://a.example", "https://b.example", "a secret of ours")

RING = RingRequest(id="c7.s2.1.ring", call="c7", leg="s2", token=1, to=NUMBER, caller_id="+15550100100")
REDIRECT = RedirectRequest(id="c7.caller.5.redirect", call="c7", leg="caller", token=5, sid=LEG)
RELEASE = ReleaseRequest(id="c7.s2.3.release", call="c7", leg="s2", token=3, sid=LEG)


def gateway(base: str = "https://api.twilio.com", limiter: Limiter | None = None) -> TwilioGateway:
    made = TwilioGateway(
        account_sid=ACCOUNT,
        credentials=(ACCOUNT, "token"),
        api_base_url=base,
        urls=URLS,
        limiter=limiter or Limiter(lambda: 0.0, per_second=1e9),
        carrier=ThroughRequests(),
    )
    port: Gateway = made
    assert port is made
    return made


def refusal(code: int, status: int) -> dict[str, object]:
    return {"code": code, "message": f"The number {NUMBER} is not right", "more_info": "", "status": status}
