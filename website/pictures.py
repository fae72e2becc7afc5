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
QUALITY = 55  # of 100, for these; measured: half a JPEG's bytes, and closer to the pixels
DESCRIPTION = 0x010E  # the number of this field in EXIF
EMBEDDED = re.compile(r'<img ([^>]*?)src="data:image/[a-z]+;base64,([^"]+)"([^>]*)>')
MOST_TURNS = 3  # of a film: what moves for ever keeps some people from reading on


class Pictures:
    """The folder of pictures of one site, in the folder of its sources, a path."""

    def __init__(self, sources):
        self.folder = sources / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._kept = {}

    def keep(self, content, *, still=False):
        """Keep a picture file's bytes (PNG, JPEG, GIF, WebP); returns (address, size).

        `still`: of a film only the last picture. The address is relative to a page; `size` is
        (width, height) in pixels.
        """
        digest = hashlib.sha256(content).hexdigest()[:16] + "_still" * still
        if digest not in self._kept:
            with Image.open(io.BytesIO(content)) as picture:
                if is_film(picture) and still:
                    picture.seek(picture.n_frames - 1)
                    small = _small(picture.convert("RGB"))
                else:
                    small = _film(picture) if is_film(picture) else _small(picture)
                self._kept[digest] = (self._write(digest, *small), picture.size)
        return self._kept[digest]

    def _write(self, name, content, kind):
        write_whole(self.folder / f"{name}.{kind}", content)
        return f"{FOLDER}/{name}.{kind}"

    def image(self, content, alt, *, still=False):
        """An `<img>` of a picture file's bytes, as HTML in one line.

        `still`: of a film only its last picture.
        """
        address, (width, height) = self.keep(content, still=still)
        attributes = f'alt="{html.escape(alt)}" width="{width}" height="{height}"'
        return _img(address, attributes) if still else self._element(content, attributes)

    def moved_out(self, page):
        """HTML whose pictures' pixels are in it, as HTML that names files instead."""

        def element(found):
            before, pixels, after = found.groups()
            return self._element(base64.b64decode(pixels), f"{before}{after}".strip())

        return EMBEDDED.sub(element, page)

    def _element(self, content, attributes):
        image = _img(self.keep(content)[0], attributes)
        with Image.open(io.BytesIO(content)) as picture:
            if not is_film(picture):
                return image
        last = self.keep(content, still=True)[0]
        calm = f'<source media="(prefers-reduced-motion: reduce)" srcset="{last}">'
        return f"<picture>{calm}{image}</picture>"


def is_film(picture):
    """Whether an open picture has more than one."""
    return getattr(picture, "n_frames", 1) > 1


def _img(address, attributes):
    return f'<img {attributes} src="{address}" loading="lazy" decoding="async">'


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
        return _encoded(
            picture, "WEBP", quality=85, method=4, use_sharp_yuv=True, exif=exif
        ), "webp"
    # One thread: with more the bytes would hang on the computer.
    lossy = {"quality": QUALITY, "subsampling": "4:4:4", "speed": 8, "max_threads": 1}
    return _encoded(picture, "AVIF", exif=exif.tobytes(), **lossy), "avif"


def _film(picture):
    turns = min(picture.info.get("loop", 1) or MOST_TURNS, MOST_TURNS)
    return _encoded(picture, "WEBP", save_all=True, quality=85, method=4, loop=turns), "webp"


def _encoded(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
