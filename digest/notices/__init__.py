"""Notices to the operator: one when a person is needed, one when all is well again."""

from __future__ import annotations

from digest.notices.operator import Operator

__all__ = ["Operator"]
