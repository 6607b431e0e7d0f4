"""What ops write, read and checked: YAML files in, ``core.configured.Configuration`` or every problem at once out.

``load`` is the way in for the product, ``examine`` for whoever wants the warnings as well. A file is read (``source``),
shaped (``shapes``, ``rules``), held against the other files (``checks_*``, one small function for each code of
``codes.md``) and turned into the core's values (``convert``).
"""

from callflow.configuration.loading import Examined, examine, load
from callflow.configuration.problems import ConfigurationError, Problem

__all__ = ["ConfigurationError", "Examined", "Problem", "examine", "load"]
