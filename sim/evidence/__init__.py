"""What the model's numbers are and where they come from."""
