"""Stands in for Colab's own package: a lesson asks only whether a kernel has imported it."""
