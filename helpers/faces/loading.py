"""Faces for the nets: photographs, faces that the course draws, or pictures of your own.

Every source goes the same way: picture files, read one by one, cut to a square, made small.
Importing this module uses no network and no TensorFlow.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpers.arguments import LARGEST_SEED, real_number, whole_number
from helpers.faces import download
from helpers.faces.choice import NAMES, chosen_faces
from helpers.faces.drawn_files import drawn_folder
from helpers.faces.errors import FacesError
from helpers.faces.folders import BATCH, look_into, offer_of_folders
from helpers.faces.photographs import LARGEST_SIZE, readable_types, small_square
from helpers.faces.stored_pictures import StoredPictures
from helpers.faces.storing import store
from helpers.faces.traits import ALBUMS
from helpers.files import cached
from helpers.machine import memory_left
from helpers.progress import progress_bar

DRAWN = 500  # faces drawn where no number is asked for: nearly as many as there are photographs
PROBE_SECONDS = 3.0  # "auto" asks the network once, and waits no longer than this
FETCH_SECONDS = 20.0  # "auto" lets the download take so long; drawing must fit into the minute
SHARE_OF_MEMORY = 1 / 4  # of what is left: while pictures load they need half as much more
SOURCES = ", ".join(f'"{name}"' for name in NAMES)  # as a sentence names them


@dataclass(frozen=True, eq=False)
class Faces:
    """Pictures of one size, in the order of their file names.

    images: float32 (n, size, size, 3) in [0, 1]; where they are too many for memory, they are
        `StoredPictures`, from which rows are read as from an array: images[rows].
    names: the n file names.
    source: a sentence on where they came from.
    folder: where the picture files are.
    """

    images: np.ndarray | StoredPictures
    names: list[str]
    source: str
    folder: Path

    def __repr__(self):
        return f"Faces(images: {self.images.dtype} {self.images.shape}; {self.source})"


def load_faces(source="auto", size=50, n=None, seed=0, memory=None):
    """Faces, as `Faces`: `.images` float32 (n, size, size, 3) in [0, 1], `.names`, `.source`.

    source: "lfw", 530 photographs of one person, downloaded once;
        "drawn", an album of one person whom the course draws itself, without a network;
        "crowd", drawn faces too, each of another person;
        a folder with pictures of your own, 20 or more. What looks like a picture and is not read
        (HEIC without its reader, SVG, broken links and the like) is named, counted and told;
        "auto", the photographs where they are on disk or come quickly, drawn faces otherwise. It
        prints which. The environment variable COURSE_FACES can hold one of the others for it,
        and so can the file course.toml, for a whole room.
    size: rows and columns of each picture. It is made small by `resize_nearest`.
    n: for drawn faces how many, 500 if None; for the others at most so many, the first by name.
    seed: which drawn faces.
    memory: GiB that the pictures of a folder of your own may take. More of them are stored in the
        cache, made small, and read row by row; so is all with 0. By default a quarter of what is
        left.

    Raises: FacesError where there are no such faces; ValueError for a number that can't be.
    """
    size = whole_number("size", size, 1, LARGEST_SIZE)
    n = None if n is None else whole_number("n", n, 1, 100_000)
    seed = whole_number("seed", seed, 0, LARGEST_SEED)
    memory = None if memory is None else real_number("memory", memory, least=0)

    if not isinstance(source, (str, Path)) or source == "":
        raise FacesError(f"A source is {SOURCES} or a folder, but this is {source!r}.")
    if source != "auto":
        return _load(source, size, n, seed, memory)
    faces = _load_auto(size, n, seed, memory)
    print(faces.source)
    return faces


def _load(source, size, n, seed, memory):
    if source in ALBUMS:
        return _load_drawn(source, size, n, seed)
    if source == "lfw":
        return _load_lfw(size, n)
    return _load_folder(source, size, n, memory)


def _load_auto(size, n, seed, memory):
    """Photographs from the cache, or from the network if it is fast, or drawn faces."""
    wanted, by = chosen_faces()
    if wanted != "auto":
        try:
            faces = _load(wanted, size, n, seed, memory)
        except FacesError as error:
            raise FacesError(f"{by[0].upper()}{by[1:]} is set to {wanted!r}. {error}") from error
        return replace(faces, source=f"{faces.source}, as {by} asks")

    album, folder = download.LFW, cached("lfw")
    if not album.missing(folder):
        return _lfw(size, n, "from the cache")
    reason = download.why_no_answer(album, PROBE_SECONDS)
    if reason is None:
        try:
            album.servers[0].fetch(folder, album, FETCH_SECONDS)
            return _lfw(size, n, "just downloaded")
        except FacesError as error:
            reason = str(error).rstrip(".")
    faces = _load_drawn("drawn", size, n, seed)
    return replace(faces, source=f"{faces.source}; the photographs did not come: {reason}")


def _load_lfw(size, n):
    if not download.LFW.missing(cached("lfw")):
        return _lfw(size, n, "from the cache")
    download.download_photographs(cached("lfw"), download.LFW)
    return _lfw(size, n, "just downloaded")


def _lfw(size, n, came_from):
    folder = cached("lfw")
    paths = [folder / name for name in download.LFW.digests()]
    source = f"photographs of one person (Labeled Faces in the Wild), {came_from}"
    return _faces([small_square(path, size) for path in paths[:n]], paths[:n], len(paths), source)


def _load_drawn(album, size, n, seed):
    count = DRAWN if n is None else n
    paths = sorted(drawn_folder(count, seed, album).glob("*.jpg"))
    source = f"{ALBUMS[album].told} (seed {seed})"
    return _faces([small_square(path, size) for path in paths], paths, count, source)


def _load_folder(folder, size, n, memory):
    """The pictures in a folder; one that can't be read is named, and the others load."""
    contents = _contents_of(folder)
    is_stored = _is_too_large(len(contents.pictures[:n]), size, memory)
    if is_stored:
        pictures, good, damaged = store(contents.pictures, size)
    else:
        pictures, good, damaged = _read_all(contents.pictures, size, n)

    for sentence in damaged[:10]:
        print(f"Left out: {sentence}")
    if len(damaged) > 10:
        print(f"Left out as well: {len(damaged) - 10} more.")
    left_out = len(damaged) + contents.unreadable()
    if len(good) < BATCH:
        told = (
            f"Too few pictures: {len(good)} can be read in {contents.folder}, {left_out} cannot. "
            f"One batch of the training loop needs {BATCH}. Put more pictures in, or use "
            'load_faces("drawn").'
        )
        raise FacesError(_with_reasons(told, contents))
    for sentence in contents.sentences():
        print(sentence)
    if offer := offer_of_folders(contents.folder):
        print(offer)
    source = f"pictures from the folder {contents.folder.name}"
    if left_out:
        source += f"; {left_out} left out that cannot be read"
    if is_stored:
        images = pictures if n is None else pictures.subset(slice(n))
        return _as_faces(images, good[:n], len(good), source)
    return _faces(pictures, good[:n], len(good), source)


def _is_too_large(count, size, memory):
    """Whether so many pictures need more than `memory` (GiB); it is said then."""
    if memory is None:
        memory = memory_left() * SHARE_OF_MEMORY / 2**30
    needed = count * size * size * 3 * np.dtype("float32").itemsize / 2**30
    if needed > memory:
        print(
            f"{count} pictures of {size} x {size} need {needed:.2g} GiB of memory, more than the "
            f"{memory:.2g} that they may take: they are read from disk, step by step."
        )
    return needed > memory


def _read_all(paths, size, n):
    """The first n as uint8 pictures, the paths of all that are good, sentences on damaged ones."""
    pictures, good, damaged = [], [], []
    for path in progress_bar(iterable=paths, desc="Reading pictures", delay=2, leave=False):
        try:
            picture = small_square(path, size)
            if n is None or len(pictures) < n:
                pictures.append(picture)
            good.append(path)
        except FacesError as error:
            damaged.append(str(error))
    return pictures, good, damaged


def _contents_of(folder):
    """What is in the folder. Raises: FacesError where it is none, or holds no picture."""
    if not Path(folder).expanduser().exists():
        raise FacesError(
            f"There is no folder {Path(folder).expanduser().absolute()}. A source is {SOURCES} or "
            f"a folder that exists, but this is {str(folder)!r}. Check its spelling."
        )
    contents = look_into(folder)
    if not contents.pictures:
        told = (
            f"There is no picture in {contents.folder} that can be read. Pictures are files that "
            f"end in {', '.join(readable_types())}; folders inside it are not read. Put {BATCH} "
            "or more in."
        )
        raise FacesError(_with_reasons(told, contents))
    return contents


def _with_reasons(told, contents):
    """An error's sentence, then what is left out and why, and the folders inside to choose from."""
    offer = offer_of_folders(contents.folder)
    return " ".join(filter(None, [told, *contents.sentences(), offer]))


def _faces(pictures, paths, available, source):
    """Small uint8 pictures put together as Faces, with a source that starts with their number."""
    images = np.stack(pictures).astype("float32")
    images /= np.float32(255)
    return _as_faces(images, paths, available, source)


def _as_faces(images, paths, available, source):
    count = len(images)
    number = f"{count}" if count == available else f"The first {count} of {available}"
    names = [path.name for path in paths]
    return Faces(images, names, f"{number} {source}", paths[0].parent)
