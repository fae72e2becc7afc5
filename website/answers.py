"""Guesses and exercises of a lesson as something that a page can check."""


def prepare(notebook, lesson):
    """The notebook with its guesses and exercises made ready for the page; so far as it is.

    `notebook`: an nbformat notebook, which may be changed. `lesson`: its number, "05".
    """
    return notebook
