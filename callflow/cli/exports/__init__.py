"""Commands that write something for people outside, each a part of the group of another module."""
