"""Acts through the service: on the state that was seen, with a telephone that is not in use, and on record."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from callflow.core import acts
from callflow.core.act_refusals import Reason
from callflow.core.call import Call
from callflow.core.events import Act, DigitPressed, LegAnswered, LegJoined, PlaceEnded, StarPressed
from callflow.service.acts import Acts, Answer, open_acts
from callflow.service.call_service import CallService
from callflow.service.configurations import Configurations
from callflow.store.memory import MemoryStore
from tests.core.example import CONFIGURATION
from tests.playbook import START
