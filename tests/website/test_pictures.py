"""Pictures as files of the site: each once, small, and with all that is said of it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from helpers.images import DRAWN_BY_A_NET, as_png, save_picture
from website.pictures import DESCRIPTION, MOST_TURNS, Pictures


@pytest.fixture
def pictures(tmp_path):
    return Pictures(tmp_path)


def flat(gray, size=20):
    return np.full((size, size, 3), gray)


def noise(size=150):
    return np.random.default_rng(0).random((size, size, 3))


def encoded(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(pictures, address):
    return Image.open(pictures.folder.parent / address)


def a_film(loop):
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], loop=loop)


def test_a_picture_is_kept_once(pictures):
    first = pictures.keep(as_png(flat(0.5)))
    assert pictures.keep(as_png(flat(0.5))) == first
    assert pictures.keep(as_png(flat(0.6))) != first
    assert len(list(pictures.folder.iterdir())) == 2
    assert first[1] == (20, 20)


def test_a_simple_picture_keeps_every_pixel(pictures):
    address, _ = pictures.keep(as_png(flat(0.5)))
    assert address.endswith(".webp")
    with opened(pictures, address) as picture:
        assert np.all(np.asarray(picture) == 128)


def test_a_picture_with_a_clear_ground_keeps_it(pictures):
    clear = np.uint8(np.random.default_rng(0).random((150, 150, 4)) * 255)
    address, _ = pictures.keep(encoded(Image.fromarray(clear), "PNG"))
    with opened(pictures, address) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_rich_picture_loses_a_little_and_becomes_smaller(pictures, kind):
    before = Image.fromarray(np.uint8(noise() * 255)).resize((450, 450), Image.Resampling.BICUBIC)
    content = encoded(before, kind, quality=95)
    address, _ = pictures.keep(content)
    with opened(pictures, address) as picture:
        apart = np.asarray(picture.convert("RGB")).astype(float) - np.asarray(before)
    assert 0.0 < np.sqrt((apart**2).mean()) < 25.0
    assert (pictures.folder.parent / address).stat().st_size < len(content)


@pytest.mark.parametrize("picture", [flat(0.5), noise()], ids=["simple", "rich"])
def test_that_a_net_drew_it_stays_in_the_file(pictures, tmp_path, picture):
    save_picture(tmp_path / "drawn.png", picture)
    address, _ = pictures.keep((tmp_path / "drawn.png").read_bytes())
    with opened(pictures, address) as kept:
        assert kept.getexif()[DESCRIPTION] == DRAWN_BY_A_NET


def test_pixels_move_out_of_html_and_the_rest_stays(pictures):
    pixels = base64.b64encode(as_png(flat(0.2))).decode()
    before = '<figure><img alt="A &quot;face&quot;" width="9" src="'
    page = f'{before}data:image/png;base64,{pixels}"></figure>'
    less = pictures.moved_out(page)
    address = re.search(r'src="([^"]+)"', less).group(1)
    assert less == f'{before}{address}" loading="lazy" decoding="async"></figure>'
    assert (pictures.folder.parent / address).is_file()


@pytest.mark.parametrize(("loop", "turns"), [(0, MOST_TURNS), (2, 2), (9, MOST_TURNS)])
def test_a_film_comes_to_rest_and_stands_still_for_who_asked_for_that(pictures, loop, turns):
    page = pictures.image(a_film(loop), "Three colours.")
    still = re.search(r'<source media="\(prefers-reduced-motion: reduce\)" srcset="(.+?)">', page)
    film = re.search(r'<img alt="Three colours." .*src="(.+?)"', page)
    with opened(pictures, film.group(1)) as picture:
        assert picture.n_frames == 3 and picture.info["loop"] == turns
    with opened(pictures, still.group(1)) as picture:
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.convert("RGB").getpixel((0, 0)) == (0, 0, 255)


def test_of_a_film_only_the_last_picture_can_be_had(pictures):
    page = pictures.image(a_film(0), "Blue.", still=True)
    assert "<picture>" not in page and len(list(pictures.folder.iterdir())) == 1


def test_an_alt_text_is_written_as_html(pictures):
    assert 'alt="a &lt; b &amp; &quot;c&quot;"' in pictures.image(as_png(flat(0)), 'a < b & "c"')
