"""Pictures as small files of the site: each once, named by its digest, in a form browsers know."""

import base64
import hashlib
import html
import io
import re

from PIL import Image

from helpers.files import write_whole

FOLDER = "pictures"  # of the site
FINE = 40_000  # bytes: a picture that needs more without a loss is one of faces, and may lose some
QUALITY = 85  # of 100, for these: no loss is seen at the size at which they are shown
DESCRIPTION = 0x010E  # the number of this field in EXIF
EMBEDDED = re.compile(r'<img ([^>]*?)src="data:image/[a-z]+;base64,([^"]+)"([^>]*)>')


class Pictures:
    """The folder of pictures of one site, in `site_sources`, a path."""

    def __init__(self, site_sources):
        self.folder = site_sources / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._kept = {}

    def keep(self, content):
        """Keep a picture file's bytes (PNG, JPEG, GIF, WebP); returns (address, width, height).

        The address is relative to a page; width and height are in pixels.
        """
        digest = hashlib.sha256(content).hexdigest()[:16]
        if digest not in self._kept:
            with Image.open(io.BytesIO(content)) as picture:
                small, kind = _as_small(picture, content)
                size = picture.size
            name = f"{digest}.{kind}"
            write_whole(self.folder / name, small)
            self._kept[digest] = (f"{FOLDER}/{name}", *size)
        return self._kept[digest]

    def image(self, content, alt):
        """An `<img>` of a picture file's bytes, as HTML in one line."""
        address, width, height = self.keep(content)
        return (
            f'<img alt="{html.escape(alt)}" src="{address}" width="{width}" height="{height}" '
            f'loading="lazy" decoding="async">'
        )

    def moved_out(self, page):
        """HTML whose pictures' pixels are in it, as HTML that names files instead."""

        def image(found):
            before, pixels, after = found.groups()
            address = self.keep(base64.b64decode(pixels))[0]
            return f'<img {before}src="{address}" loading="lazy" decoding="async"{after}>'

        return EMBEDDED.sub(image, page)


def _as_small(picture, content):
    """The smallest of its forms, as (bytes, kind). A JPEG stays: it has lost enough."""
    if picture.format in ("JPEG", "WEBP"):
        return content, picture.format.lower()
    told = picture.info.get("Description")  # "Drawn by a neural net …"
    exif = Image.Exif()
    if told:
        exif[DESCRIPTION] = told
    if getattr(picture, "n_frames", 1) > 1:
        film = _as_webp(picture, save_all=True, quality=QUALITY)
        return (film, "webp") if len(film) < len(content) else (content, "gif")
    small = _as_webp(picture, lossless=True, quality=80, exif=exif)
    if len(small) > FINE and picture.mode == "RGB":
        small = _as_webp(picture, quality=QUALITY, use_sharp_yuv=True, exif=exif)
    return small, "webp"


def _as_webp(picture, **options):
    file = io.BytesIO()
    picture.save(file, "WEBP", method=4, **options)
    return file.getvalue()
