"""The campaign of faults: kills, disks, arXiv's bad days, clocks, crowds, hostile input.

`python -m campaign` (or `make campaign`) tries each many times and prints what was lost.
"""
