"""A picture as a matrix: the course's icon, one range turned into another, pictures as files."""

import numpy as np

from helpers.files import DATA_FOLDER, write_whole

PICTURE_SHAPE = (50, 50, 3)  # of the faces, where nothing else is said
DRAWN_BY_A_NET = "Drawn by a neural net (a GAN). This is no photograph."
TOLERANCE = 0.001  # so far may rounding lead a picture out of [0, 1]
ICON_PATH = DATA_FOLDER / "alarm_clock_icon.png"
ICON_SIZE = 256
SAMPLES = 4  # points a pixel and direction: their mean is what makes the edges soft


def load_icon():
    """The alarm clock icon: uint8 (256, 256, 4), layers red, green, blue and alpha.

    As in the chapter's icon the ink is black everywhere (red, green and blue are 0); the drawing
    is in the fourth layer: 255 where there is ink, 0 where there is none, between at the edges.

    Raises: FileNotFoundError where the file of the icon is missing.
    """
    import imageio.v3 as iio

    if not ICON_PATH.exists():
        raise FileNotFoundError(
            f"The icon is missing: {ICON_PATH}. It is part of the course: get the file again with "
            "git checkout data/alarm_clock_icon.png"
        )
    return iio.imread(ICON_PATH)


def draw_icon():
    """The icon, drawn from circles and lines: uint8 (256, 256, 4), as `load_icon` reads it.

    Its look is that of the chapter's icon, with other measures, so that the chapter's window
    `[0:10, 45:56, 3]` holds the top of the left bell: zeros, then a gradient, then 255.
    """
    fine = (np.arange(ICON_SIZE * SAMPLES) + 0.5) / SAMPLES
    y, x = np.meshgrid(fine, fine, indexing="ij")

    def disc(centre_x, centre_y, radius):
        return (x - centre_x) ** 2 + (y - centre_y) ** 2 <= radius**2

    def hand(end_x, end_y, thickness):
        """A line with round ends from the clock's centre."""
        dx, dy = end_x - 128, end_y - 142
        along = np.clip(((x - 128) * dx + (y - 142) * dy) / (dx**2 + dy**2), 0, 1)
        return (x - 128 - along * dx) ** 2 + (y - 142 - along * dy) ** 2 <= (thickness / 2) ** 2

    bells = (disc(66, 54, 50) | disc(190, 54, 50)) & ~disc(128, 142, 112)
    feet = disc(56, 228, 18) | disc(200, 228, 18)
    ring = disc(128, 142, 104) & ~disc(128, 142, 86)
    hands = hand(128, 82, 11) | hand(172, 166, 15) | disc(128, 142, 14)
    ink = bells | (feet & ~disc(128, 142, 112)) | ring | hands
    coverage = ink.reshape(ICON_SIZE, SAMPLES, ICON_SIZE, SAMPLES).mean(axis=(1, 3))
    icon = np.zeros((ICON_SIZE, ICON_SIZE, 4), dtype="uint8")
    icon[..., 3] = np.round(coverage * 255)
    return icon


def on_white(icon):
    """An RGBA picture laid on white paper: uint8 (height, width, 3).

    `icon`: uint8 (height, width, 4), as `load_icon` gives it. Raises: ValueError for another.
    """
    icon = np.asarray(icon)
    if icon.ndim != 3 or icon.shape[2] != 4 or icon.dtype != np.uint8:
        raise ValueError(
            "on_white needs one picture of four layers, uint8 (height, width, 4), but this is "
            f"{icon.dtype} {icon.shape}."
        )
    colour, alpha = icon[..., :3].astype("float32"), icon[..., 3:].astype("float32") / 255
    return np.round(colour * alpha + 255 * (1 - alpha)).astype("uint8")


def check_range(pictures, name="pictures"):
    """Raises: ValueError, a sentence, where the array's values leave [0, 1] or are NaN."""
    if np.size(pictures) and not (
        np.min(pictures) >= -TOLERANCE and np.max(pictures) <= 1 + TOLERANCE
    ):
        raise ValueError(
            f"The values of the {name} go from {np.min(pictures):.4g} to {np.max(pictures):.4g}, "
            "but [0, 1] is needed. A net's output in [-1, 1] is turned by images.to_picture_range; "
            "whole numbers from 0 to 255 are divided by 255."
        )


def check_pictures(pictures, name="pictures", *, at_least=1, smallest_side=1):
    """The pictures as float32 (n, height, width, 3), if they are such pictures in [0, 1].

    Raises: ValueError, a sentence with their name: too few of them, too small ones, another shape
    or range, NaN, or no numbers at all.
    """
    try:
        given = np.asarray(pictures)
        if given.dtype.kind not in "buifO":
            raise TypeError(f"They are of the type {given.dtype}.")
        pictures = given.astype("float32", copy=False)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"The {name} are not one array of numbers: give float32 (n, height, width, 3), all of "
            f"one size. {error}"
        ) from error
    if pictures.ndim and len(pictures) < at_least:
        raise ValueError(f"Too few {name}: {len(pictures)}, but {at_least} or more are needed.")
    if pictures.ndim != 4 or pictures.shape[-1] != 3:
        raise ValueError(
            f"The {name} have shape {pictures.shape}, but (n, height, width, 3) is needed."
        )
    height, width = pictures.shape[1:3]
    if min(height, width) < smallest_side:
        raise ValueError(
            f"The {name} have {height} x {width} pixels, but {smallest_side} x {smallest_side} or "
            "more are needed."
        )
    check_range(pictures, name)
    return pictures


def average_down(pictures, size):
    """Pictures made smaller: each new pixel is the mean of the block that it stands for.

    `pictures`: (n, side, side, 3), `side` a multiple of `size`; returns (n, size, size, 3).
    Raises: ValueError for another side.
    """
    count, side = len(pictures), pictures.shape[1]
    if side % size:
        raise ValueError(f"A side of {side} pixels can't be parted into {size} whole blocks.")
    blocks = pictures.reshape(count, size, side // size, size, side // size, 3)
    return blocks.mean(axis=(2, 4))


def at_most(pictures, side):
    """Pictures for a page: those of more than `side` rows made smaller, by whole blocks.

    `pictures`: square ones, (n, rows, rows, 3). They stay as they are where blocks that are just
    large enough don't part them.
    """
    rows = pictures.shape[1]
    block = -(-rows // side)
    return pictures if block == 1 or rows % block else average_down(pictures, rows // block)


def to_net_range(pictures):
    """Pictures in [0, 1] turned into the generator's range [-1, 1]; same shape.

    Raises: ValueError where the pictures are in another range, 0 to 255 for example.
    """
    pictures = np.asarray(pictures)
    check_range(pictures)
    return pictures * 2.0 - 1.0


def to_picture_range(net_output):
    """A net's output in [-1, 1] turned into pictures: float32 in [0, 1], same shape.

    Values a little outside the range (they are rounding errors) are cut off.
    """
    return np.clip((np.asarray(net_output, dtype="float32") + 1.0) / 2.0, 0.0, 1.0)


def save_picture(path, picture):
    """Save what a net drew, (height, width, 3) in [0, 1], as PNG: the file is whole or not there.

    Its description, a text in the file, says that a net drew it.
    """
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Description", DRAWN_BY_A_NET)
    write_whole(path, as_png(picture, pnginfo=told))


def as_png(picture, **options):
    """The bytes of a PNG of a picture, (height, width, 3) in [0, 1]; Pillow takes the options."""
    import imageio.v3 as iio

    pixels = np.uint8(np.round(picture * 255))
    return iio.imwrite("<bytes>", pixels, extension=".png", **options)


def save_animation(path, pictures, seconds_a_picture=0.2):
    """Save what a net drew, uint8 (n, height, width, 3), as a GIF that repeats for ever.

    The GIF's comment says that a net drew it.
    """
    import imageio.v3 as iio

    options = {"duration": seconds_a_picture * 1000, "loop": 0, "comment": DRAWN_BY_A_NET}
    write_whole(path, iio.imwrite("<bytes>", pictures, extension=".gif", **options))


def contact_sheet(pictures, columns=10, gap=0):
    """All pictures in one, row by row: float32 (rows * height, columns * width, 3) in [0, 1].

    `pictures`: (n, height, width, 3) in [0, 1]. Places that are left over stay white; so do `gap`
    pixels between and around the pictures.
    Raises: ValueError for pictures of another shape or range.
    """
    from skimage.util import montage

    pictures = check_pictures(pictures)
    rows = -(-len(pictures) // columns)
    return montage(
        pictures,
        fill=(1.0, 1.0, 1.0),
        grid_shape=(rows, columns),
        padding_width=gap,
        channel_axis=3,
    )
