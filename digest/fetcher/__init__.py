"""Getting papers from arXiv: its calendar, what to ask next, its two interfaces, politeness.

`calendar`, `walk`, `plan`, `versions`, `queries`, `document`, `atom`, `oai` and `oai_text` are
pure; only `politeness` and `connection` touch files and the network. `api` speaks to the query API
and `oai_api` to OAI-PMH, both over a `connection`. `harvest` carries out what `plan` decides.
"""
