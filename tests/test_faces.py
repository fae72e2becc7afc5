"""Faces from folders and from the drawing code: good pictures, bad pictures, wrong requests."""

import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image
from skimage.transform import resize

from helpers.faces import (
    PICTURE_TYPES,
    Faces,
    FacesError,
    load_faces,
    load_photograph,
    resize_nearest,
)

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def strict(monkeypatch, tmp_path):
    """No cache but a new one, and every warning an error."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_FACES", raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def noise(seed, height=60, width=60):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype="uint8")


@pytest.fixture
def folder(tmp_path):
    """A folder with 20 good JPEGs, as many as one batch."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(20):
        Image.fromarray(noise(number)).save(folder / f"good_{number:02d}.jpg")
    return folder


@pytest.fixture
def drawings(monkeypatch):
    """The drawing code replaced by a fast one; the list of what it was asked for."""
    asked = []

    def draw(folder, n=500, seed=0):
        asked.append((n, seed))
        for number in range(1, n + 1):
            picture = noise(seed * 1000 + number, 250, 250)
            Image.fromarray(picture).save(Path(folder) / f"drawn_{number:04d}.jpg", quality=50)
        (Path(folder) / "factors.csv").write_text("name\n", encoding="utf-8")

    monkeypatch.setattr("helpers.drawn_faces.write_drawn_faces", draw)
    return asked


# ---- one picture


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


# ---- a folder of the learner's own


def test_a_folder_of_20_pictures_loads_in_the_order_of_names(folder):
    own = load_faces(folder)
    assert isinstance(own, Faces)
    assert own.images.shape == (20, 50, 50, 3) and own.images.dtype == np.float32
    assert 0 <= own.images.min() < 0.05 and 0.95 < own.images.max() <= 1
    assert own.names == [f"good_{number:02d}.jpg" for number in range(20)]
    assert own.source == "20 pictures from the folder mine"
    with Image.open(folder / "good_07.jpg") as picture:
        expected = resize_nearest(np.asarray(picture), 50) / 255
    np.testing.assert_allclose(own.images[7], expected, atol=1e-6)
    assert len(repr(own)) < 200  # a cell that ends with it doesn't print the pictures


def test_a_folder_can_be_a_string_with_a_home_sign(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    np.testing.assert_array_equal(load_faces("~/mine").images, load_faces(str(folder)).images)


def test_size_and_n_are_kept(folder):
    own = load_faces(folder, size=64, n=5)
    assert own.images.shape == (5, 64, 64, 3)
    assert own.names == [f"good_{number:02d}.jpg" for number in range(5)]
    assert own.source.startswith("The first 5 of 20 pictures")


def test_the_middle_square_of_a_wide_and_of_a_tall_picture_is_taken(folder):
    wide = np.zeros((60, 100, 3), "uint8")
    wide[:, 20:80] = 255  # the middle square is white, the rest black
    Image.fromarray(wide).save(folder / "a_wide.png")
    Image.fromarray(wide.transpose(1, 0, 2)).save(folder / "b_tall.png")
    own = load_faces(folder)
    assert own.names[:2] == ["a_wide.png", "b_tall.png"]
    assert own.images[:2].min() == 1


def test_all_common_types_are_read_and_others_passed_over(folder, capsys):
    for ending in ("JPG", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif"):
        Image.fromarray(noise(5)).save(folder / f"x.{ending}")
    Image.fromarray(noise(5)).save(folder / ".hidden.jpg")
    (folder / "notes.txt").write_text("not a picture", encoding="utf-8")
    (folder / "album.jpg").mkdir()
    own = load_faces(folder)
    assert len(own.names) == 28
    assert capsys.readouterr() == ("", "")


def damage(folder, kind):
    path = folder / "bad.jpg"
    if kind == "not a picture":
        path.write_text("dear diary", encoding="utf-8")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "one pixel":
        Image.new("RGB", (1, 1)).save(path)
    elif kind == "truncated png":
        Image.fromarray(noise(1)).save(folder / "whole.png")
        (folder / "bad.jpg").write_bytes((folder / "whole.png").read_bytes()[:5000])
        (folder / "whole.png").unlink()
    elif kind == "broken header":
        path.write_bytes((folder / "good_00.jpg").read_bytes()[:4] + bytes(300))
    elif kind == "truncated":
        path.write_bytes((folder / "good_00.jpg").read_bytes()[:1500])
    return path


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("truncated", "the file ends too early"),
        ("truncated png", "the file ends too early"),
        ("not a picture", "it is not a picture"),
        ("broken header", "bad.jpg cannot be read"),
        ("empty", "the file is empty"),
        ("one pixel", "too small: 1 × 1 pixels"),
    ],
)
def test_a_damaged_picture_is_named_and_the_others_still_load(folder, capsys, kind, reason):
    damage(folder, kind)
    own = load_faces(folder)
    assert own.images.shape == (20, 50, 50, 3) and "bad.jpg" not in own.names
    printed = capsys.readouterr()
    assert printed.out.startswith("Left out: bad.jpg") and reason in printed.out
    assert printed.out.count("\n") == 1 and printed.err == ""
    assert own.source.endswith("1 left out that cannot be read")


def test_many_damaged_pictures_do_not_flood_the_page(folder, capsys):
    for number in range(40):
        (folder / f"bad_{number}.jpg").write_text("dear diary", encoding="utf-8")
    own = load_faces(folder)
    assert capsys.readouterr().out.count("\n") == 11
    assert "40 left out" in own.source


def test_fewer_pictures_than_a_batch_is_told_with_both_numbers(folder):
    damage(folder, "empty")
    (folder / "good_00.jpg").unlink()
    with pytest.raises(FacesError, match=r"19 can be read in .*mine, 1 cannot.* needs 20"):
        load_faces(folder)


def test_a_folder_without_pictures_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing to see", encoding="utf-8")
    with pytest.raises(FacesError, match="There is no picture in .*folders inside it are not read"):
        load_faces(tmp_path)


def test_a_file_in_place_of_a_folder_is_told(folder):
    with pytest.raises(FacesError, match=r"good_00\.jpg is a file.*load_photograph"):
        load_faces(folder / "good_00.jpg")


@pytest.mark.parametrize("word", ["lwf", "no/such/folder", "LFW", ""])
def test_an_unknown_word_or_a_missing_folder_is_told_with_what_can_be_said(
    word, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FacesError, match=r'"auto", "lfw", "drawn" or a folder'):
        load_faces(word)


def test_a_source_that_is_no_word_is_told():
    with pytest.raises(FacesError, match="but this is 42"):
        load_faces(42)


@pytest.mark.parametrize(
    "wrong",
    [{"size": 0}, {"size": 2.5}, {"size": 5000}, {"size": True}, {"n": 0}, {"n": "all"}]
    + [{"seed": -1}, {"seed": None}],
)
def test_a_number_that_can_not_be_is_refused_by_name(folder, wrong):
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} is a whole number from"):
        load_faces(folder, **wrong)


def test_a_numpy_number_is_a_number(folder):
    assert load_faces(folder, size=np.int64(32)).images.shape == (20, 32, 32, 3)


# ---- drawn faces


def test_drawn_faces_are_drawn_once_and_then_read(drawings, tmp_path):
    first = load_faces("drawn", n=25, seed=3)
    again = load_faces("drawn", n=25, seed=3)
    assert drawings == [(25, 3)]
    assert first.images.shape == (25, 50, 50, 3)
    assert first.names == [f"drawn_{number:04d}.jpg" for number in range(1, 26)]
    assert first.source == "25 faces drawn by the course (seed 3)"
    np.testing.assert_array_equal(first.images, again.images)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["drawn_n25_seed3"]


def test_another_number_or_seed_is_drawn_anew(drawings):
    load_faces("drawn", n=25)
    load_faces("drawn", n=26)
    load_faces("drawn", n=26, seed=1)
    assert drawings == [(25, 0), (26, 0), (26, 1)]


def test_500_faces_are_drawn_where_no_number_is_asked_for(drawings, tmp_path):
    load_faces("drawn", size=8)
    assert drawings == [(500, 0)]
    assert (tmp_path / "cache" / "drawn_n500_seed0").is_dir()


def test_drawings_with_gaps_or_damage_or_of_an_older_code_are_drawn_anew(
    drawings, tmp_path, monkeypatch
):
    from helpers import drawn_faces

    first = load_faces("drawn", n=25)
    folder = tmp_path / "cache" / "drawn_n25_seed0"
    (folder / "drawn_0004.jpg").unlink()
    np.testing.assert_array_equal(load_faces("drawn", n=25).images, first.images)
    (folder / "drawn_0004.jpg").write_bytes(b"damaged")
    np.testing.assert_array_equal(load_faces("drawn", n=25).images, first.images)
    assert len(drawings) == 3
    newer = tmp_path / "newer.py"
    newer.write_text("# other code", encoding="utf-8")
    monkeypatch.setattr(drawn_faces, "__file__", str(newer))
    load_faces("drawn", n=25)
    load_faces("drawn", n=25)
    assert len(drawings) == 4
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["drawn_n25_seed0"]


def test_the_wait_for_drawing_is_announced_once(drawings, capsys):
    load_faces("drawn", n=25)
    assert capsys.readouterr() == ("Drawing 25 faces, once: about 2 s.\n", "")
    load_faces("drawn", n=25)
    assert capsys.readouterr() == ("", "")


def test_drawing_that_breaks_off_leaves_nothing_that_looks_whole(drawings, tmp_path, monkeypatch):
    def break_off(folder, n=500, seed=0):
        (folder / "drawn_0001.jpg").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("helpers.drawn_faces.write_drawn_faces", break_off)
        with pytest.raises(KeyboardInterrupt):
            load_faces("drawn", n=25)
    assert list((tmp_path / "cache").iterdir()) == []
    assert load_faces("drawn", n=25).images.shape[0] == 25


def test_two_lessons_may_draw_the_same_faces_at_once(drawings, monkeypatch):
    from helpers import drawn_faces

    together = threading.Barrier(2)
    quick = drawn_faces.write_drawn_faces

    def wait_for_the_other(folder, n=500, seed=0):
        quick(folder, n=n, seed=seed)
        together.wait(10)

    monkeypatch.setattr(drawn_faces, "write_drawn_faces", wait_for_the_other)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(load_faces("drawn", n=25))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(results) == 2
    np.testing.assert_array_equal(results[0].images, results[1].images)


def test_a_cache_that_can_not_be_written_is_told_with_the_way_out(drawings, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    with pytest.raises(FacesError, match="COURSE_CACHE"):
        load_faces("drawn", n=25)


def test_real_drawn_faces_come_through_the_same_pipeline(tmp_path):
    drawn = load_faces("drawn", n=20)
    assert drawn.images.shape == (20, 50, 50, 3)
    assert drawn.images.std(axis=0).mean() > 0.1  # twenty different faces
    with Image.open(tmp_path / "cache" / "drawn_n20_seed0" / drawn.names[0]) as picture:
        assert picture.format == "JPEG" and picture.size == (250, 250)


# ---- the door


def test_importing_faces_brings_no_tensorflow_asks_no_network_and_writes_nothing(tmp_path):
    code = (
        "import sys, socket\n"
        "def refuse(*_): raise AssertionError('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import helpers.faces\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={"PATH": "", "COURSE_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    assert not (tmp_path / "cache").exists()
