"""arXiv's OAI-PMH interface: its records, their texts, a day fetched by it."""
