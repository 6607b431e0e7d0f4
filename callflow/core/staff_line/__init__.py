"""The staff line: staff call a number, log in, and choose from a menu. No part of any call with a caller. Pure."""
