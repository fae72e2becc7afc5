"""What lies in a folder of one's own: pictures, and what only looks like some, kind by kind."""

import os
import platform
import shlex
from dataclasses import dataclass
from pathlib import Path

from helpers.faces.errors import FacesError
from helpers.faces.photographs import (
    AVIF_TYPES,
    HEIC_CURE,
    HEIC_TYPES,
    PICTURE_TYPES,
    readable_types,
)

BATCH = 20  # the chapter's batch; the loop needs at least one
NAMES_SHOWN = 3  # of the files of one kind
FOLDERS_OPENED = 500  # inside one that is given: a home folder holds thousands
FOLDERS_SHOWN = 5


@dataclass(frozen=True)
class Kind:
    """What is left out and why: its name for one and for many, and what to do."""

    one: str
    many: str
    cure: str
    is_file_of_pixels: bool = True  # so it counts as one that cannot be read


HEIC = Kind("HEIC picture", "HEIC pictures", HEIC_CURE)
AVIF = Kind(
    "AVIF picture",
    "AVIF pictures",
    "To read AVIF: %pip install --upgrade pillow in a lesson's cell. Or save as JPEG.",
)
DRAWING = Kind("SVG drawing", "SVG drawings", "SVG has lines, no pixels: save as PNG.")
RAW = Kind("raw file of a camera", "raw files of a camera", "To read them: export as JPEG.")
OTHER = Kind("file of another type", "files of other types", "To read them: save as JPEG or PNG.")
EMPTY = Kind("empty file", "empty files", "Nothing is inside: copy again from where it came.")
LINK = Kind(
    "broken link", "broken links", "What a broken link points at is gone: copy the picture itself."
)
FOLDER = Kind(
    "folder with a picture's name",
    "folders with a picture's name",
    "What is inside a folder is not read.",
    is_file_of_pixels=False,
)
HIDDEN = Kind(
    "hidden file",
    "hidden files",
    "A name that begins with a dot is passed over: rename what is a picture.",
    is_file_of_pixels=False,
)
ENDINGS = {  # what looks like a picture, but for those that every computer reads
    HEIC: HEIC_TYPES,
    AVIF: AVIF_TYPES,
    DRAWING: (".svg", ".svgz"),
    RAW: (".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".raf", ".rw2", ".pef", ".raw"),
    OTHER: (".psd", ".xcf", ".jxl", ".jp2", ".ico", ".icns", ".tga", ".ppm", ".pgm", ".eps"),
}
KIND_OF = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}


@dataclass(frozen=True)
class Contents:
    """What `look_into` finds.

    folder: where it looked, as a whole path.
    pictures: the paths of the files to be read, by name.
    left_out: by Kind the names of what looks like a picture and is not read.
    """

    folder: Path
    pictures: list[Path]
    left_out: dict[Kind, list[str]]

    def sentences(self):
        """For each kind that is left out a sentence: how many, the first names, what to do."""
        return [
            f"Left out: {counted(names, kind.one, kind.many)}. {kind.cure}"
            for kind, names in self.left_out.items()
        ]

    def unreadable(self):
        """How many files are left out that should be pictures: no folders, no hidden files."""
        return sum(len(names) for kind, names in self.left_out.items() if kind.is_file_of_pixels)


def look_into(folder):
    """The Contents of a folder; nothing is opened, and folders inside it are not entered.

    Raises: FacesError where there is no such folder, or it can't be listed.
    """
    path = Path(folder).expanduser().absolute()
    if path.is_file():
        raise FacesError(
            f"{path} is a file, but load_faces needs the folder around it. "
            "For one picture there is load_photograph."
        )
    readable, pictures, left_out = readable_types(), [], {}
    try:
        for inside in sorted(path.iterdir(), key=lambda inside: inside.name):
            kind = _why_left_out(inside, readable)
            if kind is not None:
                left_out.setdefault(kind, []).append(inside.name)
            elif inside.suffix.lower() in readable:
                pictures.append(inside)
    except OSError as error:
        raise FacesError(
            f"The folder {path} can't be listed: {error.strerror or error}. Check its spelling, "
            "and whether you may open it."
        ) from error
    return Contents(path, pictures, left_out)


def folders_with_pictures(folder):
    """{path: number of pictures} of the folders inside, however deep; most pictures first.

    Hidden folders are not entered, and no more than some hundred are.
    """
    found = {}
    for number, (where, inside, names) in enumerate(os.walk(folder)):
        inside[:] = sorted(name for name in inside if not name.startswith("."))
        count = sum(_looks_like_a_photograph(name) for name in names)
        if number and count:
            found[Path(where)] = count
        if number == FOLDERS_OPENED:
            break
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def offer_of_folders(folder):
    """The folders inside that hold pictures, as a sentence, and the line that takes one of them.

    Empty where there is none.
    """
    found = folders_with_pictures(folder)
    if not found:
        return ""
    told = [
        f"{path.relative_to(folder)} ({count} picture{'' if count == 1 else 's'})"
        for path, count in found.items()
    ]
    largest = next(iter(found))
    cure = f"To take the first: {line_for(largest)}"
    if found[largest] < BATCH:
        cure = f"None of them has the {BATCH} that are needed: put pictures together in one folder."
    return (
        f"Folders inside {folder.name} hold pictures and are not read: "
        f"{named(told, FOLDERS_SHOWN)}. {cure}"
    )


def line_for(folder):
    """The line that makes all lessons take this folder, for this system's terminal."""
    if platform.system() == "Windows":
        return f'$env:COURSE_FACES = "{folder}"'
    return f"COURSE_FACES={shlex.quote(str(folder))}"


def counted(names, one, many, shown=NAMES_SHOWN):
    """The number of names, what they are, and the first of them: "2 empty files (a.jpg, b.jpg)"."""
    return f"{len(names)} {one if len(names) == 1 else many} ({named(names, shown)})"


def named(names, shown=NAMES_SHOWN):
    """The first names in a row, and how many more there are."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def _why_left_out(path, readable):
    """The Kind of what looks like a picture and won't be read; None for all else."""
    ending = path.suffix.lower()
    if ending not in readable and ending not in KIND_OF:
        return None
    if path.name.startswith("."):
        return HIDDEN
    if path.is_dir():
        return FOLDER
    if not path.exists():
        return LINK
    if path.stat().st_size == 0:
        return EMPTY
    return None if ending in readable else KIND_OF[ending]


def _looks_like_a_photograph(name):
    endings = (*PICTURE_TYPES, *HEIC_TYPES, *AVIF_TYPES)
    return name.lower().endswith(endings) and not name.startswith(".")
