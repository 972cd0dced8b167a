"""Notices to the operator: one when a person is needed, one when all is well again."""

from __future__ import annotations

from digest.outlets.notices.operator import Operator

__all__ = ["Operator"]
