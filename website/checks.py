"""Is a made site right? So far nothing is looked at."""


def problems(folder):
    """What is wrong with the site in `folder`, a sentence each; [] when all is right."""
    return []
