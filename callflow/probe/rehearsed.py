"""The lab with the local provider, on a virtual clock."""

from collections.abc import Callable

from callflow.emulator import Chaos, Emulator, Switches, VirtualClock, WsgiAppClient
from callflow.emulator.wires import between_numbers
from callflow.probe.lab import DOCUMENT, Lab
from callflow.simulator.wsgi_transport import WsgiTransport
from callflow.telephony.rest_client import rest_client

NUMBERS = ("+15550100100", "+15550100101")
HOSTED = "https://documents.test/probe"
ACCOUNT, TOKEN, BASE = "AC" + "0" * 32, "probe-token", "http://probe.test"


def lab(
    keep: Callable[[str], None] = lambda _: None, switches: Switches | None = None, chaos: Chaos | None = None
) -> Lab:
    """A lab whose provider behaves as ``switches`` say."""
    clock, found = VirtualClock(), list[Lab]()
    emulator = Emulator(ACCOUNT, TOKEN, clock, WsgiAppClient(lambda *request: found[0].app(*request)), cps=0,
                        switches=switches or Switches(), chaos=chaos or Chaos())  # fmt: skip
    for number in NUMBERS:
        emulator.add_number(number, voice_url=f"{BASE}/answer")
    between_numbers(emulator.exchange)
    emulator.host(HOSTED, DOCUMENT)
    transport = WsgiTransport(emulator.wsgi, clock.now)
    client = rest_client(ACCOUNT, (ACCOUNT, TOKEN), "http://provider.test", transport)
    found.append(Lab(client, NUMBERS, BASE, clock.monotonic, clock.run_for, keep))
    found[0].document = HOSTED
    return found[0]
