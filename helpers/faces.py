"""Faces for the nets: photographs, faces that the course draws, or pictures of your own.

Every source goes the same way: picture files, read one by one, cut to a square, made small.
Importing this module uses no network and no TensorFlow.
"""

import contextlib
import hashlib
import operator
import os
import tempfile
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from tqdm.auto import tqdm

from helpers import download, runtime
from helpers.download import FacesError

__all__ = ["Faces", "FacesError", "cache_folder", "load_faces", "load_photograph", "resize_nearest"]

DRAWN = 500  # faces drawn where no number is asked for: nearly as many as there are photographs
BATCH = 20  # the chapter's batch; the loop needs at least one
LARGEST_SIZE = 1024
SMALLEST_SIDE = 8  # pixels; less can't show a face
MOST_PIXELS = 100_000_000  # of one picture: 300 MB once it is unpacked
PROBE_SECONDS = 3.0  # "auto" asks the network once, and waits no longer than this
FETCH_SECONDS = 20.0  # "auto" lets the download take so long; drawing must fit into the minute
SECONDS_A_FACE = 0.06  # to draw one, measured on two cores
PICTURE_TYPES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
# What Pillow may take such a file for. It goes by the content, not by the name, and would hand a
# PostScript file to another program, Ghostscript. Phones' JPEGs with two pictures count as JPEG.
PILLOW_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")


@dataclass(frozen=True, eq=False)
class Faces:
    """Pictures of one size, in the order of their file names.

    images: float32 (n, size, size, 3) in [0, 1].
    names: the n file names.
    source: a sentence on where they came from.
    folder: where the picture files are.
    """

    images: np.ndarray
    names: list[str]
    source: str
    folder: Path

    def __repr__(self):
        return f"Faces(images: {self.images.dtype} {self.images.shape}; {self.source})"


def load_faces(source="auto", size=50, n=None, seed=0):
    """Faces, as `Faces`: `.images` float32 (n, size, size, 3) in [0, 1], `.names`, `.source`.

    source: "lfw", 530 photographs of one person, downloaded once;
        "drawn", faces that the course draws itself, without a network;
        a folder with pictures of your own, 20 or more;
        "auto", the photographs where they are on disk or come quickly, drawn faces otherwise. It
        prints which. The environment variable COURSE_FACES can hold one of the other three for it.
    size: rows and columns of each picture. It is made small by `resize_nearest`.
    n: for drawn faces how many, 500 if None; for the others at most so many, the first by name.
    seed: which drawn faces.

    Raises: FacesError where there are no such faces; ValueError for a number that can't be.
    """
    size = _whole_number("size", size, 1, LARGEST_SIZE)
    n = None if n is None else _whole_number("n", n, 1, 100_000)
    seed = _whole_number("seed", seed, 0, 2**32 - 1)

    if isinstance(source, str) and source == "auto":
        faces = _load_auto(size, n, seed)
        print(faces.source)
        return faces
    return _load(source, size, n, seed)


def load_photograph(path):
    """One picture as read: uint8 (height, width, 3), red, green, blue.

    A picture that a camera marked as turned is turned upright. Gray, palette, CMYK and 16-bit
    pictures become plain RGB; transparent ones are laid on white; of a film, the first picture.

    Raises: FacesError with the file's name and the reason where it can't be read.
    """
    path = Path(path)
    if not path.is_file():
        raise FacesError(f"There is no picture {path.absolute()}. Check the name and the folder.")
    try:
        if path.stat().st_size == 0:
            raise FacesError("the file is empty")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns where we raise or mend
            with Image.open(path, formats=PILLOW_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise FacesError(f"it has more than {MOST_PIXELS // 10**6} million pixels")
                picture.load()
                return _plain_rgb(ImageOps.exif_transpose(picture))
    except Exception as error:  # on damaged bytes Pillow raises errors of many kinds
        raise FacesError(f"{path.name} cannot be read: {_reading_reason(error)}.") from error


def resize_nearest(image, size):
    """A picture (height, width, 3) as (size, size, 3), same dtype, by nearest neighbour.

    Row i of the result is row floor((i + 0.5) * height / size) of the picture; columns likewise.
    So each new pixel is one old pixel, the one in the middle of its cell; the others are dropped.
    """
    image = np.asarray(image)
    if image.ndim != 3:
        raise ValueError(f"A picture has the shape (height, width, 3), but this is {image.shape}.")
    size = _whole_number("size", size, 1, LARGEST_SIZE)
    cells = 2 * np.arange(size) + 1  # twice the middle of each cell: whole numbers, no rounding
    rows = cells * image.shape[0] // (2 * size)
    columns = cells * image.shape[1] // (2 * size)
    return image[rows[:, None], columns]


def cache_folder():
    """The folder for downloads and drawings: $COURSE_CACHE where set, else data/cache."""
    chosen = os.environ.get("COURSE_CACHE")
    return Path(chosen).expanduser() if chosen else Path(__file__).parent.parent / "data" / "cache"


def _load(source, size, n, seed):
    if isinstance(source, str) and source == "drawn":
        return _load_drawn(size, n, seed)
    if isinstance(source, str) and source == "lfw":
        came_from = "from the cache"
        if download.missing_photographs(cache_folder() / "lfw", download.LFW):
            download.download_photographs(cache_folder() / "lfw", download.LFW)
            came_from = "just downloaded"
        return _load_lfw(size, n, came_from)
    if not isinstance(source, (str, Path)) or source == "":
        raise FacesError(f'A source is "auto", "lfw", "drawn" or a folder, but this is {source!r}.')
    return _load_folder(source, size, n)


def _load_auto(size, n, seed):
    """Photographs from the cache, or from the network if it is fast, or drawn faces."""
    wanted = os.environ.get("COURSE_FACES", "").strip()
    if wanted not in ("", "auto"):
        try:
            faces = _load(wanted, size, n, seed)
        except FacesError as error:
            raise FacesError(f"COURSE_FACES is set to {wanted!r}. {error}") from error
        return replace(faces, source=f"{faces.source}, as COURSE_FACES asks")

    folder = cache_folder() / "lfw"
    if not download.missing_photographs(folder, download.LFW):
        return _load_lfw(size, n, "from the cache")
    reason = download.why_no_answer(download.LFW, PROBE_SECONDS)
    if reason is None:
        try:
            download.download_files(folder, download.LFW, FETCH_SECONDS)
            return _load_lfw(size, n, "just downloaded")
        except FacesError as error:
            reason = str(error).rstrip(".")
    faces = _load_drawn(size, n, seed)
    return replace(faces, source=f"{faces.source}; the photographs did not come: {reason}")


def _load_lfw(size, n, came_from):
    paths = [cache_folder() / "lfw" / name for name in download.registered(download.LFW)]
    source = f"photographs of one person (Labeled Faces in the Wild), {came_from}"
    return _faces([_small(path, size) for path in paths[:n]], paths[:n], len(paths), source)


def _load_drawn(size, n, seed):
    count = DRAWN if n is None else n
    paths = sorted(_drawn_folder(count, seed).glob("*.jpg"))
    source = f"faces drawn by the course (seed {seed})"
    return _faces([_small(path, size) for path in paths], paths, count, source)


def _load_folder(folder, size, n):
    """The pictures in a folder; one that can't be read is named, and the others load."""
    pictures, good, damaged = [], [], []
    for path in tqdm(
        _picture_paths(folder),
        desc="Reading pictures",
        delay=2,
        leave=False,
        disable=runtime.progress_is_silent(),
    ):
        try:
            pictures.append(_small(path, size))
            good.append(path)
        except FacesError as error:
            damaged.append(str(error))

    for sentence in damaged[:10]:
        print(f"Left out: {sentence}")
    if len(damaged) > 10:
        print(f"Left out as well: {len(damaged) - 10} more.")
    where = Path(folder).expanduser().absolute()
    if len(good) < BATCH:
        raise FacesError(
            f"Too few pictures: {len(good)} can be read in {where}, {len(damaged)} cannot. One "
            f"batch of the training loop needs {BATCH}. Put more pictures in, or use "
            'load_faces("drawn").'
        )
    source = f"pictures from the folder {where.name}"
    if damaged:
        source += f"; {len(damaged)} left out that cannot be read"
    return _faces(pictures[:n], good[:n], len(good), source)


def _faces(pictures, paths, available, source):
    """Small uint8 pictures put together as Faces, with a source that starts with their number."""
    count = len(pictures)
    number = f"{count}" if count == available else f"The first {count} of {available}"
    images = np.stack(pictures).astype("float32") / np.float32(255)
    names = [path.name for path in paths]
    return Faces(images, names, f"{number} {source}", paths[0].parent)


def _small(path, size):
    """The picture's middle square, resized: uint8 (size, size, 3)."""
    picture = load_photograph(path)
    height, width, _ = picture.shape
    side = min(height, width)
    if side < SMALLEST_SIDE:
        raise FacesError(f"{path.name} is too small: {width} × {height} pixels.")
    top, left = (height - side) // 2, (width - side) // 2
    return resize_nearest(picture[top : top + side, left : left + side], size)


def _picture_paths(folder):
    """The picture files right in `folder`, by name; hidden and other files are passed over."""
    path = Path(folder).expanduser()
    if path.is_file():
        raise FacesError(
            f"{path.absolute()} is a file, but load_faces needs the folder around it. "
            "For one picture there is load_photograph."
        )
    if not path.is_dir():
        raise FacesError(
            f'There is no folder {path.absolute()}. A source is "auto", "lfw", "drawn" or a folder '
            f"that exists, but this is {str(folder)!r}. Check its spelling."
        )
    paths = [
        inside
        for inside in path.iterdir()
        if inside.suffix.lower() in PICTURE_TYPES
        and not inside.name.startswith(".")
        and inside.is_file()
    ]
    if not paths:
        raise FacesError(
            f"There is no picture in {path.absolute()}. Pictures are files that end in "
            f"{', '.join(PICTURE_TYPES)}; folders inside it are not read. Put {BATCH} or more in."
        )
    return sorted(paths, key=lambda inside: inside.name)


def _drawn_folder(n, seed):
    """The folder with n drawn faces as JPEGs. They are drawn where it lacks them, where one of
    them is damaged, or where an older version of the drawing code has made them."""
    from helpers import drawn_faces

    code = Path(drawn_faces.__file__).read_bytes()
    folder = cache_folder() / f"drawn_n{n}_seed{seed}"

    def fingerprint(of):
        digest = hashlib.sha256(code)
        for path in sorted(of.glob("*.jpg")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def is_complete():
        mark = folder / ".fingerprint"
        return mark.is_file() and mark.read_text(encoding="utf-8") == fingerprint(folder)

    if is_complete():
        return folder
    print(f"Drawing {n} faces, once: about {1 + n * SECONDS_A_FACE:.0f} s.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="tmp") as aside:
            fresh = Path(aside) / "faces"
            fresh.mkdir()
            drawn_faces.write_drawn_faces(fresh, n=n, seed=seed)
            (fresh / ".fingerprint").write_text(fingerprint(fresh), encoding="utf-8")
            if folder.exists() and not is_complete():
                folder.rename(Path(aside) / "older")
            try:
                fresh.rename(folder)
            except OSError:
                if not is_complete():  # else another lesson has drawn the same meanwhile
                    raise
    except OSError as error:
        raise FacesError(
            f"The faces cannot be written into {folder.parent} ({error.strerror}). Set the "
            "environment variable COURSE_CACHE to a folder that you may write to."
        ) from error
    return folder


def _plain_rgb(picture):
    """A Pillow picture of any mode as uint8 (height, width, 3)."""
    if picture.mode.startswith("I"):  # gray of 16 bits: 0 … 65535
        gray = np.clip(np.asarray(picture).astype("float64") / 257, 0, 255).round().astype("uint8")
        return np.repeat(gray[:, :, None], 3, axis=2)
    if picture.mode == "F":
        raise FacesError("it holds measured numbers, not gray levels or colours")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.array(picture.convert("RGB"))


def _reading_reason(error):
    """Why Pillow couldn't read a picture, in a few plain words."""
    if isinstance(error, FacesError):
        return str(error)
    if isinstance(error, UnidentifiedImageError):
        return "it is not a picture, whatever its name says"
    if "truncated" in str(error).lower():
        return "the file ends too early"
    return f"it is damaged ({error})"


def _whole_number(name, value, lowest, highest):
    """The value as an int; ValueError, as a sentence, where it isn't one between the limits."""
    with contextlib.suppress(TypeError):
        number = operator.index(value)
        if not isinstance(value, bool) and lowest <= number <= highest:
            return number
    raise ValueError(f"{name} is a whole number from {lowest} to {highest}, but this is {value!r}.")
