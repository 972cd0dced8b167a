"""Digests to receivers, by mail and chat: each once to everybody who follows it.

editions ──▶ due ──▶ text, html, chat ──▶ mail ──▶ the post ──▶ what was accepted is noted
"""

from __future__ import annotations

from digest.outlets.mail.sending import Sending

__all__ = ["Sending"]
