"""What keywords do, answered from the archive alone, and how they are edited."""
