"""The one error of this wing."""


class FacesError(RuntimeError):
    """No faces; the message is a sentence that says what was wrong, where, and what to do."""
