"""One picture file as numbers: opened safely, turned upright, cut to a square, made small."""

import contextlib
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from helpers.arguments import whole_number
from helpers.faces.errors import FacesError

LARGEST_SIZE = 1024
SMALLEST_SIDE = 8  # pixels; less can't show a face
MOST_PIXELS = 100_000_000  # of one picture: 300 MB once it is unpacked
# What Pillow may take such a file for. It goes by the content, not by the name, and would hand a
# PostScript file to another program, Ghostscript. Phones' JPEGs with two pictures count as JPEG.
PILLOW_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
PICTURE_TYPES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
HEIC_TYPES = (".heic", ".heif", ".hif")  # read where pillow-heif is installed
AVIF_TYPES = (".avif",)  # read where Pillow is new enough
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")  # how one begins
HEIC_CURE = "To read HEIC: %pip install pillow-heif in a lesson's cell. Or export as JPEG."


def readable_formats():
    """What Pillow may take a picture for on this computer; HEIC and AVIF only where they are read.

    It is asked anew for every picture, so that a reader installed in between is found.
    """
    formats = list(PILLOW_FORMATS)
    with contextlib.suppress(ImportError):  # an older Pillow
        from PIL.AvifImagePlugin import SUPPORTED

        formats += ["AVIF"] if SUPPORTED else []
    with contextlib.suppress(ImportError):  # not installed, as on most computers
        import pillow_heif

        if "HEIF" not in Image.OPEN:
            pillow_heif.register_heif_opener()
        formats.append("HEIF")
    return tuple(formats)


def readable_types():
    """The endings of the files that `load_photograph` reads on this computer."""
    formats = readable_formats()
    more = (("HEIF", HEIC_TYPES), ("AVIF", AVIF_TYPES))
    return PICTURE_TYPES + tuple(e for name, endings in more if name in formats for e in endings)


def load_photograph(path):
    """One picture as read: uint8 (height, width, 3), red, green, blue.

    A picture that a camera marked as turned is turned upright. Gray, palette, CMYK and 16-bit
    pictures become plain RGB; transparent ones are laid on white; of a film, the first picture.
    HEIC, as phones write it, is read where pillow-heif is installed.

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
            with Image.open(path, formats=readable_formats()) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise FacesError(f"it has more than {MOST_PIXELS // 10**6} million pixels")
                picture.load()
                return _plain_rgb(ImageOps.exif_transpose(picture))
    except Exception as error:  # on damaged bytes Pillow raises errors of many kinds
        raise FacesError(f"{path.name} cannot be read: {_reading_reason(error, path)}.") from error


def resize_nearest(image, size):
    """A picture (height, width, 3) as (size, size, 3), same dtype, by nearest neighbour.

    Row i of the result is row floor((i + 0.5) * height / size) of the picture; columns likewise.
    So each new pixel is one old pixel, the one in the middle of its cell; the others are dropped.
    """
    image = np.asarray(image)
    if image.ndim != 3:
        raise ValueError(f"A picture has the shape (height, width, 3), but this is {image.shape}.")
    size = whole_number("size", size, 1, LARGEST_SIZE)
    cells = 2 * np.arange(size) + 1  # twice the middle of each cell: whole numbers, no rounding
    rows = cells * image.shape[0] // (2 * size)
    columns = cells * image.shape[1] // (2 * size)
    return image[rows[:, None], columns]


def small_square(path, size):
    """The picture's middle square, resized: uint8 (size, size, 3)."""
    picture = load_photograph(path)
    height, width, _ = picture.shape
    side = min(height, width)
    if side < SMALLEST_SIDE:
        raise FacesError(f"{path.name} is too small: {width} × {height} pixels.")
    top, left = (height - side) // 2, (width - side) // 2
    return resize_nearest(picture[top : top + side, left : left + side], size)


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


def _reading_reason(error, path):
    """Why Pillow couldn't read a picture, in a few plain words."""
    if isinstance(error, FacesError):
        return str(error)
    if isinstance(error, PermissionError):
        return "this computer does not let you read the file"
    if isinstance(error, UnidentifiedImageError):
        if _is_heic(path) and "HEIF" not in readable_formats():
            return f"it is a HEIC picture, and the reader for it is missing. {HEIC_CURE[:-1]}"
        return "it is not a picture, whatever its name says"
    if "truncated" in str(error).lower():
        return "the file ends too early"
    return f"it is damaged ({error})"


def _is_heic(path):
    """Whether the file begins as a phone's HEIC does, whatever its name says."""
    with path.open("rb") as file:
        beginning = file.read(12)
    return beginning[4:8] == b"ftyp" and beginning[8:] in HEIC_BRANDS
