"""`callflow duty-pack`: the figures of a year for the questions of laws, and nobody's name (rules 32, 38 and 40).

``figures`` counts the journals, ``questions`` has what each law asks, ``paper`` writes PDF or HTML and CSV.
"""
