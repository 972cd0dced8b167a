"""One line on each paper by a language model of the reader's choice; no digest waits for it.

    papers of digests ─▶ prompt ─▶ endpoint ─▶ answer ─▶ archive.summaries ─▶ editions

`summarizing` keeps to the budget and stores what comes; `answer` is pure.
"""
