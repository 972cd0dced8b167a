"""What people ask about their keywords, answered from the archive alone."""
