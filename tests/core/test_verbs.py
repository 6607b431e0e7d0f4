"""Every verb has its module, and its row in the table."""

import importlib
import pkgutil

import pytest

from callflow.core import flow
from callflow.core.flow.verbs import VERBS
from callflow.core.flow_step import Step


def classes() -> set[type[Step]]:
    """The classes of steps with a verb, in any module of the package."""
    modules = [importlib.import_module(f"{flow.__name__}.{one.name}") for one in pkgutil.iter_modules(flow.__path__)]
    found = {one for module in modules for one in vars(module).values() if isinstance(one, type)}
    return {one for one in found if issubclass(one, Step) and hasattr(one, "verb")}


def test_every_class_of_steps_has_its_handlers() -> None:
    assert {row.step for row in VERBS.values()} == classes()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_in_the_module_of_its_name(verb: str) -> None:
    module, row = "sub_flow" if verb == "flow" else verb, VERBS[verb]
    assert {row.step.__module__, row.begin.__module__} == {f"callflow.core.flow.{module}"}
