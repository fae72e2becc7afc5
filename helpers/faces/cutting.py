"""A folder of large photographs, cut to the face: on request only, into a new folder."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from helpers.faces.detector import face_windows
from helpers.faces.errors import FacesError
from helpers.faces.folders import BATCH, counted, look_into
from helpers.faces.photographs import load_photograph
from helpers.progress import progress_bar

MARGIN = 2.2  # sides of the cut in sides of the detector's window, as the chapter's photographs
LOOKED_AT = 400  # pixels of the longer side, for the detector: a small picture is searched fast
SMALLEST_WINDOW = 0.1  # of the longer side; smaller ones find faces in leaves and cloth
RIVAL = 0.5  # of the largest face's side: smaller ones stand far behind, or are a pattern in cloth
SIDE = 400  # pixels of a cut, at most: they divide into 50, 100 and 200
QUALITY = 95  # of the JPEG
SHOWN = 12  # pictures kept for showing, before and after
SHOWN_SIDE = 100  # pixels


@dataclass(frozen=True, eq=False)
class Cut:
    """What `cut_to_faces` has done.

    folder: the new folder. names: of the pictures that were cut, in order.
    without_face, several: names of those in which no face was found (they are not in the new
        folder), and of those with several (the largest is taken).
    left_out: sentences on what could not be read.
    before, after: the first twelve that were cut: float32 (m, 100, 100, 3) in [0, 1], whole with
        a frame around the cut, and what was cut out.
    """

    folder: Path
    names: list[str]
    without_face: list[str]
    several: list[str]
    left_out: list[str]
    before: np.ndarray
    after: np.ndarray

    def sentences(self, shown=10):
        """What was done, what was not, and why; `shown` names of each kind."""
        told = [f"{len(self.names)} pictures cut to the face are in {self.folder}."]
        if len(self.names) == 1:
            told = [f"1 picture cut to the face is in {self.folder}."]
        if self.several:
            names = counted(self.several, "picture", "pictures", shown)
            told.append(f"Several faces in {names}: the largest was taken. Look at these.")
        if self.without_face:
            names = counted(self.without_face, "picture", "pictures", shown)
            told.append(
                f"No face was found in {names}: not in the new folder. Cut these by hand, or do "
                "without."
            )
        if len(self.names) < BATCH:
            told.append(f"A lesson needs {BATCH} pictures or more: add some.")
        return [*told, *self.left_out]


def cut_to_faces(folder, into=None):
    """Cut each photograph of a folder to its face, a square with the whole head; returns the Cut.

    folder: with pictures of any size. Nothing in it is changed.
    into: the new folder, by default one beside it, with "_faces" added to its name. It is there as
        a whole at the end, or not at all.

    The cut is 2.2 times as wide and high as the detector's window, as far as the picture reaches:
    so it looks like the chapter's photographs (Huang and others, "Labeled Faces in the Wild",
    2007). It is averaged down to 400 x 400 pixels where it has more, and written as a JPEG of the
    same name, without what the camera noted (place and time, for example).

    Raises: FacesError where the folder has no picture, no face was found in any, or the new folder
    is there already; OSError where it can't be written.
    """
    contents = look_into(folder)
    if not contents.pictures:
        told = f"There is no picture in {contents.folder} that can be read: nothing was cut."
        raise FacesError(" ".join([told, *contents.sentences()]))
    home = contents.folder.resolve()
    target = Path(into).expanduser().absolute() if into else home.with_name(f"{home.name}_faces")
    if target.exists():
        raise FacesError(f"{target} exists already, and stays as it is. Name another new folder.")
    aside = target.with_name(f"{target.name}.{os.getpid()}.part")
    aside.mkdir(parents=True)
    try:
        cut = _cut_all(contents, aside, target)
        if not cut.names:
            raise FacesError(" ".join(["Nothing was cut.", *cut.sentences()[1:]]))
        aside.rename(target)
    except BaseException:  # Ctrl-C, too: no half folder stays
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return cut


def largest_face(picture):
    """The square to cut, as (top, left, side), and how many faces were found.

    `picture`: uint8 (height, width, 3). Faces less than half as large as the largest don't count.
    (None, 0) where no face is found.
    """
    height, width, _ = picture.shape
    times = max(1.0, max(height, width) / LOOKED_AT)
    small_size = (max(1, round(width / times)), max(1, round(height / times)))
    small = np.asarray(Image.fromarray(picture).resize(small_size, Image.Resampling.BOX))
    smallest = max(1, round(SMALLEST_WINDOW * max(small_size)))
    found = face_windows(small.astype("float32") / 255, smallest, min(small_size))
    faces = _apart(found)
    if not faces:
        return None, 0
    count = sum(side >= RIVAL * faces[0][2] for _, _, side in faces)
    return _square_around(tuple(times * length for length in faces[0]), height, width), count


def _apart(windows):
    """One window a face, the largest first: those with their middle in a larger one are its own."""
    faces = []
    for top, left, side in sorted(windows, key=lambda window: -window[2]):
        row, column = top + side / 2, left + side / 2
        if not any(t <= row <= t + s and c <= column <= c + s for t, c, s in faces):
            faces.append((top, left, side))
    return faces


def _square_around(window, height, width):
    """The square with its margin, moved into the picture where it would leave it."""
    top, left, side = window
    large = min(round(MARGIN * side), height, width)
    row, column = (round(start + side / 2 - large / 2) for start in (top, left))
    return min(max(row, 0), height - large), min(max(column, 0), width - large), large


def _cut_all(contents, aside, target):
    """Cut and write all pictures; the Cut says where they will be."""
    names, without_face, several, before, after = [], [], [], [], []
    left_out = contents.sentences()
    for path in progress_bar(
        iterable=contents.pictures, desc="Looking for faces", delay=2, leave=False
    ):
        try:
            picture = load_photograph(path)
        except FacesError as error:
            left_out.append(f"Left out: {error}")
            continue
        square, faces = largest_face(picture)
        if square is None:
            without_face.append(path.name)
            continue
        if faces > 1:
            several.append(path.name)
        top, left, side = square
        face = _at_most(Image.fromarray(picture[top : top + side, left : left + side]), SIDE)
        name = path.name if path.suffix.lower() in (".jpg", ".jpeg") else f"{path.name}.jpg"
        face.save(aside / name, format="JPEG", quality=QUALITY)
        names.append(name)
        if len(before) < SHOWN:
            before.append(_with_frame(picture, square))
            after.append(_on_white(face))
    shown = (_as_pictures(before), _as_pictures(after))
    return Cut(target, names, without_face, several, left_out, *shown)


def _as_pictures(small):
    """Uint8 pictures, a list of them, as float32 (m, 100, 100, 3) in [0, 1]; m may be 0."""
    return np.array(small, "float32").reshape(-1, SHOWN_SIDE, SHOWN_SIDE, 3) / np.float32(255)


def _at_most(picture, side):
    """The Pillow picture, averaged down where its longer side has more pixels."""
    times = max(picture.size) / side
    if times <= 1:
        return picture
    size = tuple(max(1, round(length / times)) for length in picture.size)
    return picture.resize(size, Image.Resampling.BOX)


def _on_white(picture):
    """The Pillow picture small, in the middle of a white square: uint8 (100, 100, 3)."""
    small = _at_most(picture, SHOWN_SIDE)
    if max(small.size) < SHOWN_SIDE:
        times = SHOWN_SIDE / max(small.size)
        small = small.resize(tuple(max(1, round(times * length)) for length in small.size))
    square = Image.new("RGB", (SHOWN_SIDE, SHOWN_SIDE), "white")
    square.paste(small, tuple((SHOWN_SIDE - length) // 2 for length in small.size))
    return np.asarray(square)


def _with_frame(picture, square):
    """The whole picture, small, with a red frame around what is cut out."""
    top, left, side = square
    framed = Image.fromarray(picture)
    thick = max(1, max(framed.size) // 50)
    corners = (left, top, left + side - 1, top + side - 1)
    ImageDraw.Draw(framed).rectangle(corners, outline="red", width=thick)
    return _on_white(framed)
