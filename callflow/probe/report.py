"""What was found, for people and as a file of facts (`callflow emulate --facts`)."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from callflow.emulator.switches import Switches
from callflow.probe.experiments import Experiment
from callflow.probe.lab import Lab, Unsettled
from callflow.service.ports import GatewayFailure

KNOWN = {one.name: one.default for one in fields(Switches)}
MEASURED = frozenset({"pace"})
"""Switches whose value is a figure: it need not be the assumed one."""


class Result(NamedTuple):
    """Of one experiment: the values that were found, or why it is not settled."""

    experiment: Experiment
    found: Mapping[str, Any]
    unsettled: str = ""

    def lines(self) -> Iterable[str]:
        if self.unsettled:
            yield f"not settled: {self.unsettled}"
        elif not self.found:
            yield "as assumed"
        for switch, value in self.found.items():
            assumed = KNOWN[switch]
            if switch in MEASURED:
                yield f"{switch} = {value} (assumed {assumed})"
            elif value == assumed:
                yield f"as assumed: {switch} = {value}"
            else:
                yield f"DIFFERS: {switch} = {value}, assumed was {assumed}: callflow emulate --facts sets it"

    @property
    def differs(self) -> bool:
        return any(value != KNOWN[switch] for switch, value in self.found.items() if switch not in MEASURED)


def run(lab: Lab, experiments: Iterable[Experiment], tell: Callable[[Result], None]) -> list[Result]:
    """Carry the experiments out, one after the other. One that fails does not stop the others."""
    results = []
    for one in experiments:
        lab.begin(one.name)
        try:
            result = Result(one, one.look(lab))
        except (Unsettled, GatewayFailure) as failure:
            result = Result(one, {}, str(failure))
        finally:
            lab.hang_up()
        results.append(result)
        tell(result)
    return results


def facts(results: Iterable[Result], at: datetime) -> str:
    """The file of facts. It has no number and no id of an account."""
    return json.dumps({
        "probed": at.isoformat(timespec="seconds"),
        "switches": {switch: value for one in results for switch, value in one.found.items()},
        "not_settled": {one.experiment.name: one.unsettled for one in results if one.unsettled},
    }, indent=1) + "\n"  # fmt: skip


def switches(path: Path) -> Switches:
    """The switches of a file of facts. Raises ValueError with the reason if it is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["switches"]
        unknown = sorted(set(found) - set(KNOWN))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no file of facts of `callflow probe` ({type(error).__name__})") from None
    if unknown:
        raise ValueError(f"{path} has switches that this Callflow does not know: {', '.join(unknown)}")
    return Switches(**found)
