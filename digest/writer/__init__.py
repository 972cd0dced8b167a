"""Makes each digest from the archive: choose, order, render, replace the file.

holdings      which papers a digest chooses from
order/        in which order it shows them
editions      a digest with its papers, put together in one place
format/       the bytes of a digest, and back (pure)
keeping       the files of digests and their index
rebuilding, importing, checking, workers   the same over many days, and over files
"""
