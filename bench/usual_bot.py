"""What a usual bot does every morning: the newest 300 papers, one after the other.

`python usual_bot.py ADDRESS`. It asks by `arxiv.Client`, in pages of 100 and with its pause, and
takes half a second a paper, as for a message or a line in a table. It imports nothing of ours.
"""

import sys
import time

import arxiv

PAGE, PAPERS, SECONDS = 100, 300, 0.5


def main() -> None:
    """Fetch, and take each paper in."""
    client = arxiv.Client(page_size=PAGE)
    client.query_url_format = sys.argv[1] + "?{}"
    search = arxiv.Search("cat:cs.*", max_results=PAPERS, sort_by=arxiv.SortCriterion.SubmittedDate)
    papers = 0
    for _ in client.results(search):
        time.sleep(SECONDS)
        papers += 1
    if papers != PAPERS:
        sys.exit(f"{papers} papers came")


if __name__ == "__main__":
    main()
