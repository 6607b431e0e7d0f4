"""Prints the report: PDF/A-3a and PDF/UA-1 by typst with the vCons attached inside, or HTML where typst is not there.

``pdf`` takes about a second of CPU: in a server, it belongs into the child process of a job. Its arguments are bytes
and JSON values.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from html import escape
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from callflow import extras
from callflow.incident_file.collecting import CannotExport
from callflow.incident_file.report import Section, sections, subtitle, title

STANDARDS: Final = ("a-3a", "ua-1")
FONTS: Final = ("Libertinus Serif", "New Computer Modern")
"""Those in typst's own wheel: the same on every machine."""
NO_TYPST: Final = f"the report is HTML; for PDF {extras.how('evidence')} (typst)"


def can_print() -> bool:
    return find_spec("typst") is not None


def pdf(facts: Mapping[str, Any], vcons: Mapping[str, bytes], fonts: Sequence[str] = (), folders: Sequence[Path] = ()
        ) -> bytes:  # fmt: skip
    """``vcons``: by name, attached. ``fonts``: names that are tried before our own, found in ``folders``.

    Raises CannotExport if a character is in none of the fonts.
    """
    import typst

    ended = datetime.fromisoformat(facts["ended"])
    told = {
        "title": title(facts), "subtitle": subtitle(facts), "author": facts["organisation"] or "Callflow",
        "date": {name: getattr(ended, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "fonts": [*fonts, *FONTS], "sections": [asdict(one) for one in sections(facts)],
        "attached": [{"name": name, "relationship": "source" if number == 0 else "alternative",
                      "description": f"The call as a vCon ({name})"} for number, name in enumerate(vcons)],
    }  # fmt: skip
    with TemporaryDirectory(prefix="callflow-report-") as name:
        folder = Path(name)
        for file, content in vcons.items():
            (folder / file).write_bytes(content)
        (folder / "report.json").write_text(json.dumps(told), encoding="utf-8")
        (folder / "report.typ").write_bytes(Path(__file__).with_name("report.typ").read_bytes())
        try:
            return bytes(typst.compile(str(folder / "report.typ"), root=name, format="pdf", ignore_system_fonts=True,
                                       font_paths=[str(one) for one in folders], pdf_standards=list(STANDARDS),
                                       timestamp=0))  # fmt: skip
        except typst.TypstError as error:
            raise CannotExport(_why(error.message)) from None


def _why(message: str) -> str:
    if "glyph" in message or "displayed" in message or "font" in message:
        return (f"the report has characters that are in no font ({message}); give a font that has them, such as "
                "Noto Sans CJK JP for Japanese: --font NAME --fonts FOLDER, or --html")  # fmt: skip
    return f"typst could not print the report: {message}"


def html(facts: Mapping[str, Any]) -> bytes:
    parts = [f"<h1>{escape(title(facts))}</h1><p>{escape(subtitle(facts))}</p>", *map(_html, sections(facts))]
    head = f'<meta charset="utf-8"><title>{escape(title(facts))}</title>'
    style = "body{font:16px/1.4 serif;max-width:60em;margin:2em auto}td,th{text-align:left;padding:.2em .6em}"
    page = f'<!doctype html><html lang="en"><head>{head}<style>{style}</style></head><body>'
    return f"{page}{''.join(parts)}</body></html>\n".encode()


def _html(one: Section) -> str:
    found = [f"<h2>{escape(one.title)}</h2>", *(f"<p>{escape(text)}</p>" for text in one.paragraphs)]
    if one.items:
        found.append(f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in one.items)}</ul>")
    if one.rows:
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in one.rows)
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in one.head)
        found.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return "".join(found)
