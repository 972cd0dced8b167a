"""Everything that leaves the workspace: pages, feeds, exports, mail and chat, notices."""
