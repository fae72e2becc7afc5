"""Exercises: what is right and why, and a hint for each mistake that people make.

One file a lesson (`lesson_05.py` and so on). How an answer is checked is in `checking.py`.
"""
