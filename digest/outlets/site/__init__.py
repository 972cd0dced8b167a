"""The digests as web pages: static files, to be read from a folder or from any web server.

`build` makes them of the editions; nothing is asked of any network, neither then nor by the pages.
Texts of papers come from strangers: templates escape all of them, and the pages' policy forbids
what is not a file of the site.
"""

from digest.outlets.site.building import build

__all__ = ["build"]
