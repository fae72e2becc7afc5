"""Pictures as small files of the site: each once, named by its digest, in a form browsers know.

Curves, bars and matrices become WebP without a loss. Sheets of faces would be four fifths of the
site that way: they become AVIF, at a quality at which no difference is seen where they are shown.
"""

import base64
import hashlib
import html
import io
import re

from PIL import Image, features

from helpers.files import write_whole

FOLDER = "pictures"  # of the site
FINE = 25_000  # bytes: what needs more without a loss is a sheet of faces
QUALITY = 60  # of 100, for these; measured: half a JPEG's bytes, and closer to the pixels
DESCRIPTION = 0x010E  # the number of this field in EXIF
EMBEDDED = re.compile(r'<img ([^>]*?)src="data:image/[a-z]+;base64,([^"]+)"([^>]*)>')
MOST_TURNS = 3  # of a film: what moves for ever keeps some people from reading on


class Pictures:
    """The folder of pictures of one site, in the folder of its sources, a path."""

    def __init__(self, sources):
        self.folder = sources / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._kept = {}

    def keep(self, content):
        """Keep a picture file's bytes (PNG, JPEG, GIF, WebP); returns (address, still, size).

        Both addresses are relative to a page. `still` is a film's last picture, None for others;
        `size` is (width, height) in pixels.
        """
        digest = hashlib.sha256(content).hexdigest()[:16]
        if digest not in self._kept:
            with Image.open(io.BytesIO(content)) as picture:
                size, still = picture.size, None
                if getattr(picture, "n_frames", 1) > 1:
                    film = _film(picture)
                    picture.seek(picture.n_frames - 1)
                    still = self._write(f"{digest}_still", *_small(picture.convert("RGB")))
                    address = self._write(digest, *film)
                else:
                    address = self._write(digest, *_small(picture))
            self._kept[digest] = (address, still, size)
        return self._kept[digest]

    def _write(self, name, content, kind):
        write_whole(self.folder / f"{name}.{kind}", content)
        return f"{FOLDER}/{name}.{kind}"

    def image(self, content, alt):
        """An `<img>` of a picture file's bytes, as HTML in one line."""
        width, height = self.keep(content)[2]
        return self._element(content, f'alt="{html.escape(alt)}" width="{width}" height="{height}"')

    def moved_out(self, page):
        """HTML whose pictures' pixels are in it, as HTML that names files instead."""

        def element(found):
            before, pixels, after = found.groups()
            return self._element(base64.b64decode(pixels), f"{before}{after}".strip())

        return EMBEDDED.sub(element, page)

    def _element(self, content, attributes):
        address, still, _ = self.keep(content)
        image = f'<img {attributes} src="{address}" loading="lazy" decoding="async">'
        if still is None:
            return image
        calm = f'<source media="(prefers-reduced-motion: reduce)" srcset="{still}">'
        return f"<picture>{calm}{image}</picture>"


def _small(picture):
    """One picture in its smallest form, as (bytes, kind); what its file says of it is kept."""
    exif = Image.Exif()
    if picture.info.get("Description"):  # "Drawn by a neural net …"
        exif[DESCRIPTION] = picture.info["Description"]
    if picture.format != "JPEG":
        small = _encoded(picture, "WEBP", lossless=True, quality=80, method=4, exif=exif)
        if len(small) <= FINE or picture.mode != "RGB":
            return small, "webp"
    if not features.check("avif"):  # a Pillow without it: larger, and as good
        return _encoded(picture, "WEBP", quality=85, method=4, use_sharp_yuv=True, exif=exif), "webp"
    # One thread: with more the bytes would hang on the computer.
    options = {"quality": QUALITY, "subsampling": "4:4:4", "speed": 8, "max_threads": 1}
    return _encoded(picture, "AVIF", exif=exif.tobytes(), **options), "avif"


def _film(picture):
    turns = min(picture.info.get("loop", 1) or MOST_TURNS, MOST_TURNS)
    return _encoded(picture, "WEBP", save_all=True, quality=85, method=4, loop=turns), "webp"


def _encoded(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
