"""arXiv's query API: what to ask it for, its Atom answers, a day fetched by it."""
