"""Pictures as HTML, the form in which a notebook keeps their alt text."""

import base64
import html
import io

import numpy as np

from helpers.images import as_png

FINE = 100  # rows of a picture: from so many on its pixels are not seen one by one


def as_jpeg(picture):
    """The bytes of a JPEG of a picture, (height, width, 3) in [0, 1]: a fifth of a PNG's."""
    import imageio.v3 as iio

    return iio.imwrite("<bytes>", np.uint8(np.round(picture * 255)), extension=".jpg", quality=85)


def as_shown(sheet, rows):
    """The bytes of a sheet, (height, width, 3) in [0, 1], of pictures with so many rows.

    Small pictures are enlarged, and their pixels seen as squares: PNG. Larger ones lose nothing
    that one sees in a JPEG, which keeps a lesson's file small.
    """
    return as_png(sheet) if rows < FINE else as_jpeg(sheet)


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


def as_figure(page, caption="", *, below=False):
    """HTML with its caption, HTML too, above it or `below` it; without one just the HTML."""
    told = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure style="margin: 0">{page + told if below else told + page}</figure>'
