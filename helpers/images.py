"""A picture as a matrix: the course's alarm clock icon, and one range turned into another."""

import base64
import html
import io
from pathlib import Path

import numpy as np

from helpers.whole_files import write_whole

ICON_PATH = Path(__file__).parent.parent / "data" / "alarm_clock_icon.png"
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


def to_net_range(pictures):
    """Pictures in [0, 1] turned into the generator's range [-1, 1]; same shape.

    Raises: ValueError where the pictures are in another range, 0 to 255 for example.
    """
    pictures = np.asarray(pictures)
    if pictures.size and not (pictures.min() >= -0.001 and pictures.max() <= 1.001):
        raise ValueError(
            f"Pictures in [0, 1] are needed, but these go from {pictures.min():.4g} to "
            f"{pictures.max():.4g}. Whole numbers from 0 to 255 are divided by 255 first."
        )
    return pictures * 2.0 - 1.0


def to_picture_range(net_output):
    """A net's output in [-1, 1] turned into pictures: float32 in [0, 1], same shape.

    Values a little outside the range (they are rounding errors) are cut off.
    """
    return np.clip((np.asarray(net_output, dtype="float32") + 1.0) / 2.0, 0.0, 1.0)


def save_picture(path, picture):
    """Save a picture, (height, width, 3) in [0, 1], as PNG: the file is whole or not there."""
    write_whole(path, as_png(picture))


def as_png(picture):
    """The bytes of a PNG of a picture, (height, width, 3) in [0, 1]."""
    import imageio.v3 as iio

    return iio.imwrite("<bytes>", np.uint8(np.round(picture * 255)), extension=".png")


def as_jpeg(picture):
    """The bytes of a JPEG of a picture, (height, width, 3) in [0, 1]: a fifth of a PNG's."""
    import imageio.v3 as iio

    return iio.imwrite("<bytes>", np.uint8(np.round(picture * 255)), extension=".jpg", quality=85)


def as_html(content, alt, width=None):
    """An `<img>` of a picture file's bytes, PNG, JPEG or GIF, with its alt text, as HTML.

    `width`: pixels on the screen, by default the picture's own; the height follows, and on a
    narrow page both shrink. The pixels are in the HTML itself, so no file can get lost.
    Raises: ValueError without alt text, or for bytes that are no picture file.
    """
    from PIL import Image, UnidentifiedImageError

    if not (alt and alt.strip()):
        raise ValueError("A picture needs alt text: one sentence that tells what to see.")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF")) as picture:
            kind, own_width, own_height = picture.get_format_mimetype(), *picture.size
    except UnidentifiedImageError as error:
        raise ValueError("These bytes are no picture file: PNG, JPEG or GIF is needed.") from error
    width = width or own_width
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" '
        f'height="{round(width * own_height / own_width)}" style="max-width: 100%; height: auto" '
        f'src="data:{kind};base64,{base64.b64encode(content).decode()}">'
    )


def save_animation(path, pictures, seconds_a_picture=0.2):
    """Save pictures of one size, uint8 (n, height, width, 3), as a GIF that repeats for ever."""
    import imageio.v3 as iio

    duration = seconds_a_picture * 1000
    gif = iio.imwrite("<bytes>", pictures, extension=".gif", duration=duration, loop=0)
    write_whole(path, gif)
