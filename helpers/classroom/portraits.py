"""Keeping what a net drew: a picture that says so itself, wherever it goes."""

from helpers.classroom.sheets import labelled_sheet, with_caption
from helpers.files import new_run_folder
from helpers.images import DRAWN_BY_A_NET, save_picture


def save_portraits(pictures, columns=8):
    """Keep what a net drew as one PNG, in a new folder `runs/portraits_001`, and so on: its path.

    `pictures`: (n, height, width, 3) in [0, 1]. That a neural net drew them stands below the faces,
    and in the file's description: many who pass a picture on lose the second.
    Raises: ValueError for other pictures; OSError where the folder can't be written.
    """
    sheet = with_caption(labelled_sheet(pictures, columns), DRAWN_BY_A_NET)
    path = new_run_folder("portraits") / "portraits.png"
    save_picture(path, sheet)
    return path
