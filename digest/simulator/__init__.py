"""An arXiv to test against: it announces, pages, throttles and fails like the real one.

    corpus = Corpus.generate(seed=1, first=date(2026, 3, 2), last=date(2026, 3, 31))
    simulator = Simulator(corpus, now=clock, faults=[Fault.status(429, times=2)])
    client = httpx.Client(transport=simulator.transport())

`serve` puts it on a socket.
"""

from digest.simulator.corpus import Corpus
from digest.simulator.faults import Fault
from digest.simulator.llm import Answers
from digest.simulator.oai import Limits
from digest.simulator.query import InvalidQuery
from digest.simulator.server import Server, serve
from digest.simulator.simulator import Exchange, Simulator
from digest.simulator.terms import BrokenQuery

__all__ = [
    "Answers",
    "BrokenQuery",
    "Corpus",
    "Exchange",
    "Fault",
    "InvalidQuery",
    "Limits",
    "Server",
    "Simulator",
    "serve",
]
