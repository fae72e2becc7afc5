"""One picture file as numbers: of every type, turned, transparent, huge, damaged, not a picture."""

import sys

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image
from skimage.transform import resize

from helpers.faces import FacesError, load_photograph, resize_nearest
from helpers.faces.photographs import AVIF_TYPES, HEIC_TYPES, PICTURE_TYPES, readable_types
from tests.faces.noise import noise

pytestmark = pytest.mark.usefixtures("strict")


def save_as(path, picture, **options):
    picture.save(path, **options)
    return load_photograph(path)


def check_plain(result, height=30, width=40):
    assert result.shape == (height, width, 3)
    assert result.dtype == np.uint8


def test_a_plain_picture_comes_as_it_is(tmp_path):
    picture = noise(1, 30, 40)
    result = save_as(tmp_path / "a.png", Image.fromarray(picture))
    np.testing.assert_array_equal(result, picture)
    result[0, 0, 0] = 7  # a learner may write into it


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "YCbCr"])
def test_gray_palette_and_print_colours_become_rgb(tmp_path, mode):
    picture = Image.fromarray(np.full((30, 40, 3), 255, "uint8")).convert(mode)
    name = {"CMYK": "a.jpg", "YCbCr": "a.jpg"}.get(mode, "a.png")
    result = save_as(tmp_path / name, picture)
    check_plain(result)
    assert result.min() >= 254  # white stays white


def test_cmyk_keeps_its_colours(tmp_path):
    red = Image.new("CMYK", (40, 30), (0, 255, 255, 0))
    result = save_as(tmp_path / "a.jpg", red)
    assert result[..., 0].min() > 240 and result[..., 1:].max() < 15


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_sixteen_bits_become_eight_without_clipping(tmp_path, byte_order):
    levels = np.arange(256, dtype=byte_order + "u2").reshape(16, 16) * 257
    for name in ("a.png", "a.tif"):
        result = save_as(tmp_path / name, Image.fromarray(levels))
        check_plain(result, 16, 16)
        np.testing.assert_array_equal(result[..., 1].ravel(), np.arange(256))


def test_a_transparent_picture_is_laid_on_white(tmp_path):
    layers = np.zeros((30, 40, 4), "uint8")
    layers[:, 20:, 3] = 255  # black ink on the right half only
    for name in ("a.png", "a.webp", "a.tif"):
        result = save_as(tmp_path / name, Image.fromarray(layers))
        check_plain(result)
        assert result[:, :15].min() > 250 and result[:, 25:].max() < 5


def test_a_palette_with_one_transparent_colour_is_laid_on_white(tmp_path):
    picture = Image.new("P", (40, 30), 0)
    picture.putpalette([10, 20, 30, 200, 0, 0])
    picture.paste(1, (20, 0, 40, 30))
    result = save_as(tmp_path / "a.gif", picture, transparency=0)
    assert tuple(result[0, 0]) == (255, 255, 255)
    assert tuple(result[0, 30]) == (200, 0, 0)


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [(3, lambda a: a[::-1, ::-1]), (6, lambda a: np.rot90(a, -1)), (8, np.rot90)],
)
def test_a_turned_camera_gives_an_upright_picture(tmp_path, orientation, turn):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = noise(2, 30, 40)
    result = save_as(tmp_path / "a.png", Image.fromarray(picture), exif=exif)
    np.testing.assert_array_equal(result, turn(picture))


def test_of_a_film_the_first_picture_is_taken(tmp_path):
    film = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    result = save_as(tmp_path / "a.gif", film[0], save_all=True, append_images=film[1:])
    check_plain(result)
    assert tuple(result[0, 0]) == (255, 0, 0)


def test_a_picture_of_measurements_is_refused(tmp_path):
    with pytest.raises(FacesError, match=r"a\.tif cannot be read: it holds measured numbers"):
        save_as(tmp_path / "a.tif", Image.fromarray(np.ones((30, 40), "float32")))


def test_a_huge_picture_is_refused_before_it_fills_the_memory(tmp_path):
    Image.new("1", (12_000, 9_000)).save(tmp_path / "a.png")
    with pytest.raises(FacesError, match="more than 100 million pixels"):
        load_photograph(tmp_path / "a.png")


def test_a_missing_picture_is_told_with_its_whole_path(tmp_path):
    with pytest.raises(FacesError, match=r"There is no picture /.*nobody\.jpg"):
        load_photograph(tmp_path / "nobody.jpg")


EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 30 40
%%EndComments
showpage
%%EOF
"""


@pytest.mark.parametrize("ending", PICTURE_TYPES)
def test_a_postscript_program_with_a_pictures_name_is_never_run(tmp_path, monkeypatch, ending):
    """Pillow goes by the content, and renders PostScript with another program."""
    asked = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *words: asked.append(words))
    path = tmp_path / f"a{ending}"
    path.write_bytes(EPS)
    with Image.open(path) as picture:
        assert picture.format == "EPS"  # so Pillow does take it for one
    with pytest.raises(FacesError, match=f"a{ending} cannot be read: it is not a picture"):
        load_photograph(path)
    assert asked == []


@pytest.mark.parametrize("kind", ["EPS", "PPM", "TGA", "PCX", "ICO", "SGI", "MSP"])
def test_a_picture_of_another_type_is_not_read_under_a_pictures_name(tmp_path, kind):
    picture = Image.fromarray(noise(1, 32, 32)).convert("1" if kind == "MSP" else "RGB")
    picture.save(tmp_path / "a.jpg", format=kind)
    with pytest.raises(FacesError, match=r"a\.jpg cannot be read: it is not a picture"):
        load_photograph(tmp_path / "a.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("ending", PICTURE_TYPES)
def test_a_picture_of_a_known_type_is_read_under_any_pictures_name(tmp_path, kind, ending):
    """MPO is what many phones write as .jpg: two JPEGs in one file."""
    picture = Image.fromarray(noise(1, 30, 40))
    more = {"save_all": True, "append_images": [picture]} if kind == "MPO" else {}
    picture.save(tmp_path / f"a{ending}", format=kind, **more)
    check_plain(load_photograph(tmp_path / f"a{ending}"))


# ---- HEIC and AVIF


def heic_bytes(brand=b"heic"):
    """What a phone's file begins with; the picture itself is missing."""
    return b"\0\0\0\x18ftyp" + brand + bytes(40)


@pytest.fixture
def no_heic_reader(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # an import of it fails


@pytest.mark.parametrize("name", ["a.heic", "a.HEIF", "a.jpg"])
@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_heic_without_its_reader_is_told_with_the_cure(tmp_path, no_heic_reader, name, brand):
    (tmp_path / name).write_bytes(heic_bytes(brand))
    with pytest.raises(FacesError) as found:
        load_photograph(tmp_path / name)
    assert str(found.value).startswith(f"{name} cannot be read: it is a HEIC picture")
    assert "pip install pillow-heif" in str(found.value) and "JPEG" in str(found.value)
    assert str(found.value).endswith(".") and not str(found.value).endswith("..")
    assert not set(readable_types()) & set(HEIC_TYPES)


def test_another_film_is_not_taken_for_heic(tmp_path, no_heic_reader):
    (tmp_path / "a.jpg").write_bytes(heic_bytes(b"qt  "))
    with pytest.raises(FacesError, match=r"a\.jpg cannot be read: it is not a picture"):
        load_photograph(tmp_path / "a.jpg")


def test_heic_is_read_where_its_reader_is_installed(tmp_path):
    pytest.importorskip("pillow_heif")
    assert set(readable_types()) > set(HEIC_TYPES)
    rows = np.linspace(0, 255, 60).astype("uint8")
    picture = np.broadcast_to(rows[:, None, None], (60, 80, 3)).copy()
    for name, turned in (("a.heic", 1), ("b.jpg", 1), ("c.heif", 6)):
        exif = Image.Exif()
        exif[0x0112] = turned
        Image.fromarray(picture).save(
            tmp_path / name, format="HEIF", quality=95, exif=exif.tobytes()
        )
        expected = np.rot90(picture, -1) if turned == 6 else picture
        result = load_photograph(tmp_path / name)
        check_plain(result, *expected.shape[:2])
        assert np.abs(result.astype(int) - expected).max() < 12


def test_avif_is_read_where_pillow_can(tmp_path):
    if not set(AVIF_TYPES) <= set(readable_types()):
        pytest.skip("this Pillow has no reader for AVIF")
    picture = np.full((30, 40, 3), 90, "uint8")
    result = save_as(tmp_path / "a.avif", Image.fromarray(picture))
    check_plain(result)
    assert np.abs(result.astype(int) - 90).max() < 5


def test_a_file_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    Image.fromarray(noise(1)).save(tmp_path / "a.png")

    def refuse(*_, **__):  # root may read every file
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(FacesError, match=r"a\.png cannot be read: this computer does not let you"):
        load_photograph(tmp_path / "a.png")


# ---- resizing


@pytest.mark.parametrize(("height", "width"), [(250, 250), (251, 173), (50, 50), (31, 17), (1, 9)])
@pytest.mark.parametrize("size", [1, 7, 50, 64])
def test_nearest_neighbour_agrees_with_scikit_image(height, width, size):
    picture = noise(3, height, width)
    other = resize(picture, (size, size), order=0, anti_aliasing=False, preserve_range=True)
    np.testing.assert_array_equal(resize_nearest(picture, size), other)


def test_nearest_neighbour_takes_the_middle_of_each_cell():
    rows = np.arange(250)[:, None, None] * np.ones((1, 250, 3), int)
    np.testing.assert_array_equal(resize_nearest(rows, 50)[:, 0, 0], np.arange(2, 250, 5))
    result = resize_nearest(rows.astype("float32"), 50)
    assert result.dtype == np.float32 and result.shape == (50, 50, 3)


def test_a_picture_without_colour_layers_can_not_be_resized():
    with pytest.raises(ValueError, match=r"\(height, width, 3\)"):
        resize_nearest(np.zeros((250, 250)), 50)


@pytest.mark.parametrize("size", [0, 2.5, 1025])
def test_a_size_that_can_not_be_is_refused_with_a_sentence(size):
    with pytest.raises(
        ValueError, match=f"size is {size}, but it must be a whole number, from 1 to 1024"
    ):
        resize_nearest(noise(1), size)
