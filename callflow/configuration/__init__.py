"""What ops write, read and checked: YAML files in, ``core.configuration.Configuration`` or every problem at once out.

``loading.load`` is the way in, ``loading.examine`` for whoever wants the warnings as well; a server that starts again
with what it had finds it in ``cache``. A file is read (``source``), shaped (``shapes``, ``rules``), held against
the other files (``checks_*``, one small function for each code of ``codes.md``) and turned into the core's values
(``convert``). Nothing is imported here, or a start would pay for all of it.
"""
