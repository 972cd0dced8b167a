"""Papers of four subjects, to be ordered by their likeness to a library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digest.model import Paper

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

CACHE = ("Paging the KV cache", "Evicting pages of the KV cache makes decoding of LLMs cheap.")
GLACIER = ("Sliding glaciers", "We measure how glaciers slide on beds of wet gravel in summer.")
PRUNING = ("Pruning experts", "Experts of sparse mixtures are pruned by how they are routed.")
FRUIT = ("Ripening of pears", "We show how ethylene ripens pears, and the starch that is left.")
TODAY = (CACHE, GLACIER, PRUNING, FRUIT)


def paper(number: int, texts: tuple[str, str]) -> Paper:
    """A paper; those with higher numbers are older."""
    moment = NOON - timedelta(minutes=number)
    name = f"2603.{number:05d}"
    return Paper(name, 1, f"http://arxiv.org/abs/{name}v1", *texts, (), ("cs.CL",), moment, moment)
