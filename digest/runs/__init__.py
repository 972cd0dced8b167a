"""One run from beginning to end: when, alone, on record, and how it stands.

`pipeline` is the front door: its docstring draws the flow of a run.
"""
