"""Checks of more than one value, by subject. ``catalogue`` lists them, ``registry`` has the decorator for them."""
