"""URLs below which a server answers, as ops write them."""

import re
from urllib.parse import urlsplit

HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


def fault(url: str) -> str:
    """What is wrong with a base URL, or "" if it is valid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not an address: its port or host cannot be read"
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}" if port else "")
    found = {
        "must begin with https:// or http://": parts.scheme not in ("http", "https"),
        "must not hold a user or password": "@" in parts.netloc,
        "must not have a query or fragment": "?" in url or "#" in url,
        "has an underscore in its host name, which the provider refuses": "_" in host,  # twilio.md 1.1
        "has no readable host name (other alphabets are written xn--...)": not HOST.fullmatch(host),
        "has a path of other characters than letters, digits, - . _ ~": not PATH.fullmatch(parts.path.rstrip("/")),
    }
    return next((what for what, present in found.items() if present), "")


def tidied(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
