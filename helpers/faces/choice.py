"""Which faces "auto" takes: what COURSE_FACES asks, or the file `course.toml` of the course.

And how large: what COURSE_SIZE asks.

The file fixes the faces of a whole room: who hands out the course writes it, and no learner has
to set a variable. It is not there by default.

    faces = "drawn"    # or "lfw", "crowd", "auto", or a folder, seen from the course's own
"""

import os

from helpers.arguments import whole_number
from helpers.faces.errors import FacesError
from helpers.faces.photographs import LARGEST_SIZE
from helpers.faces.traits import ALBUMS
from helpers.files import REPOSITORY_FOLDER

COURSE_FILE = REPOSITORY_FOLDER / "course.toml"
NAMES = ("auto", "lfw", *ALBUMS)  # every source but a folder


def chosen_faces():
    """(source, who asks for it): the variable's words before the file's, ("auto", None) without.

    Raises: FacesError where the file can't be read or holds anything but `faces = "…"`.
    """
    asked = os.environ.get("COURSE_FACES", "").strip()
    if asked:
        return asked, "COURSE_FACES"
    if not COURSE_FILE.exists():
        return "auto", None
    faces = _faces_of_the_file()
    if faces not in NAMES:
        faces = str(REPOSITORY_FOLDER / faces)  # lessons run in another folder
    return faces, f"the room's {COURSE_FILE.name}"


def chosen_size(otherwise):
    """Rows and columns of a picture, as COURSE_SIZE asks; `otherwise` where nobody asks.

    Raises: FacesError where the variable holds no number of pixels.
    """
    asked = os.environ.get("COURSE_SIZE", "").strip()
    if not asked:
        return otherwise
    try:
        return whole_number("COURSE_SIZE", int(asked), 1, LARGEST_SIZE)
    except ValueError as error:
        raise FacesError(
            f"COURSE_SIZE is {asked!r}, but it must be the pixels along a side: 50, 100 or 200."
        ) from error


def _faces_of_the_file():
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10
        import tomli as tomllib

    good = 'It may hold one line only, for example: faces = "drawn". Ask who gave you the course.'
    try:
        told = tomllib.loads(COURSE_FILE.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:  # not TOML, or not UTF-8
        raise FacesError(f"{COURSE_FILE} can't be read: {error}. {good}") from error
    for key in told:
        if key != "faces":
            raise FacesError(f"{COURSE_FILE} asks for {key!r}, which is not known. {good}")
    faces = told.get("faces", "auto")
    if not isinstance(faces, str) or not faces.strip():
        raise FacesError(f"faces in {COURSE_FILE} is {faces!r}, but it must be a word. {good}")
    return faces.strip()
