"""`make bench`: what the program costs, each number beside that of doing the least."""
