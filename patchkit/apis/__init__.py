"""What is old in the kernel's C API, and how each of it is recognised."""
