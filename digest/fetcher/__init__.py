"""Brings announcement days from arXiv into the archive, and proves them complete.

calendar, walk, plan, versions   which day a paper has, what is missing, what to ask next (pure)
announcements                    the same, read off the archive
update, routes, route            ask by one of the two interfaces, store, say how a day stands
query/, oai/                     the query API and OAI-PMH
connection, politeness, document one polite request, and its XML, taken whole
"""
