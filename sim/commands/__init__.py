"""The commands of `samenspel`, one file each. What is heavy (NumPy, the model, the dashboard) is imported inside
them."""
