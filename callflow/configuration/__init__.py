"""Reads and checks the YAML files that ops write, and makes a ``core.configuration.Configuration`` of them.

Entry points: ``loading.load``, ``loading.examine`` (with warnings), and ``cache.load`` for servers. In ``reading``,
files are parsed, put together (``includes``, ``parameters``), and validated one by one; then they are checked against
each other in ``checks``, one function per code of ``codes.md``, and converted to the core's values in ``convert``. This
module imports nothing, to keep the start of a server short.
"""
