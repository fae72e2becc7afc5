"""Pictures as HTML keep their pixels, their alt text, and their proportions."""

import numpy as np
import pytest

from helpers import images
from helpers.classroom.html_pictures import as_html, as_jpeg, as_shown
from helpers.images import load_icon
from tests.pictures import images_of


def test_a_picture_on_a_page_keeps_its_pixels_its_alt_text_and_its_proportions():
    picture = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype="uint8")
    page = as_html(images.as_png(picture / 255), '<b>A "quoted" & odd one.</b>', width=90)
    [(pixels, alt)] = images_of(page)
    assert np.array_equal(pixels, picture)
    assert alt == '<b>A "quoted" & odd one.</b>'
    assert 'width="90" height="60"' in page


def test_a_film_on_a_page_is_still_a_film(tmp_path):
    film = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), dtype="uint8")
    images.save_animation(tmp_path / "film.gif", film)
    page = as_html((tmp_path / "film.gif").read_bytes(), "A film.")
    [(pixels, _)] = images_of(page)
    assert len(pixels) == 3 and 'width="8" height="8"' in page


@pytest.mark.parametrize(("rows", "kind"), [(50, "png"), (99, "png"), (100, "jpeg"), (200, "jpeg")])
def test_large_pictures_are_kept_in_fewer_bytes_and_small_ones_exactly(rows, kind):
    page = as_html(as_shown(np.full((200, 300, 3), 0.3), rows), "A sheet.")
    assert f"data:image/{kind};base64," in page


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_no_picture_comes_on_a_page_without_alt_text(alt):
    with pytest.raises(ValueError, match="needs alt text"):
        as_html(images.as_png(np.zeros((2, 2, 3))), alt)


def test_a_postscript_file_comes_on_no_page():
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 30 40\n%%EndComments\nshowpage\n%%EOF\n"
    with pytest.raises(ValueError, match="PNG, JPEG or GIF is needed"):
        as_html(eps, "A picture.")


def test_bytes_that_are_no_picture_come_on_no_page():
    with pytest.raises(ValueError, match="no picture file"):
        as_html(b"a sentence", "A picture.")


def test_a_jpeg_is_small_and_nearly_the_same_picture():
    picture = load_icon()[..., 3:].repeat(3, axis=2) / 255
    small = as_jpeg(picture)
    [(pixels, _)] = images_of(as_html(small, "A clock."))
    assert np.abs(pixels / 255 - picture).mean() < 0.02
