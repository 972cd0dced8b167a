"""Edits of the keyword files as transactions: every comment and blank line stays."""
