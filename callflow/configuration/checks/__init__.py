"""Checks that look at more than one value: one module a subject, listed in ``catalogue``; ``registry`` says how."""
