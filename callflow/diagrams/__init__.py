"""Diagrams of what runs: the flow that ops wrote and the ladder as it is configured, as SVG and as Mermaid text.

- ``svg``: boxes, lines and words on a page.   ``layers``: which box goes where.   ``graph``: steps and ways of a flow.
- ``flow_chart``, ``ladder_chart``: the two pictures.   ``ladder``: the arrows of the ladder, as data.
- ``mermaid``: the same as text.   ``changes``: what differs between two configurations.

Made to be read in black and white on A4: what a colour says is said by a dash or a sign as well.
"""
