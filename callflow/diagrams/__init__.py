"""Diagrams of flows and of the configured ladder, as SVG and as Mermaid text.

- ``flow_chart``, ``ladder_chart``: draw the two diagrams.   ``svg``: boxes, lines and text on a page.
- ``graph``: a flow as nodes and edges.   ``layers``: places the nodes in rows.   ``ladder``: the ladder as data.
- ``mermaid``: the same diagrams as Mermaid text.   ``changes``: the differences between two configurations.

Diagrams can be read in black and white on A4: every colour has a dash pattern or a sign with the same meaning.
"""
