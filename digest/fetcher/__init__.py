"""Getting papers from arXiv: its calendar, what to ask next, its query API, politeness.

`calendar`, `walk`, `plan`, `versions`, `queries` and `atom` are pure; only `politeness` and `api`
touch files and the network. `harvest` carries out what `plan` decides.
"""
