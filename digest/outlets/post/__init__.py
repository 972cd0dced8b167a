"""Messages on their way to addresses that are secrets: notices, and digests.

    letters ──▶ posting ──pipe──▶ delivery ──▶ chat (Apprise), smtp
                   ▲                 │
                   └──── answers ────┘

Delivery is a process of its own. What a library prints, logs or raises with an address or a
password in it ends there, and so does a server that never comes to the end of its answer. Back
come the number of a letter and a word about it, and nothing else.
"""
