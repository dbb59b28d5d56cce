"""What a build costs, beside what people would otherwise use; and proof that two builds give the same bytes."""
