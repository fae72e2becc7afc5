"""A picture as a matrix: the icon, the chapter's window, white paper, and one range to another."""

import io
import subprocess
import sys

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from helpers import images
from helpers.images import (
    check_pictures,
    check_range,
    contact_sheet,
    draw_icon,
    load_icon,
    on_white,
    to_net_range,
    to_picture_range,
)
from tests.lesson_tools import ROOT
from tests.pictures import PHOTOGRAPHS, flat_pictures

WINDOW = np.s_[0:10, 45:56, 3]  # the chapter's [1:10, 46:56, 4]


CHAPTERS_ICON = PHOTOGRAPHS.parent.parent / "Alarms_&_Clock_icon.png"


def test_the_icon_in_the_file_is_the_one_that_the_code_draws():
    assert np.array_equal(load_icon(), draw_icon())


def test_the_icon_is_black_ink_whose_drawing_is_in_alpha():
    icon = load_icon()
    assert icon.shape == (256, 256, 4) and icon.dtype == np.uint8
    assert icon[..., :3].max() == 0
    alpha = icon[..., 3]
    assert (alpha == 0).mean() > 0.5 and (alpha == 255).mean() > 0.25
    assert 0.01 < ((alpha > 0) & (alpha < 255)).mean() < 0.1  # soft edges, and only edges


def test_the_chapters_window_goes_from_nothing_over_a_gradient_to_ink():
    window = load_icon()[WINDOW]
    assert window.shape == (10, 11)
    assert window[:5].max() == 0 and window[-1].min() == 255
    assert len(np.unique(window[(window > 0) & (window < 255)])) >= 8


def test_in_each_column_of_the_window_the_ink_only_grows_downwards():
    assert (np.diff(load_icon()[WINDOW].astype(int), axis=0) >= 0).all()


def test_the_window_holds_the_edge_of_a_round_bell():
    # Where the ink begins rises to the right and gets flatter: the left flank of a circle.
    covered = load_icon()[WINDOW].astype(int).sum(axis=0) / 255
    steps = np.diff(covered)
    assert (steps > 0).all() and steps[:3].mean() > steps[-3:].mean()


def test_rows_and_columns_exchanged_give_an_empty_window():
    assert load_icon()[45:56, 0:10, 3].max() == 0  # lesson 01 says so


@pytest.mark.skipif(not CHAPTERS_ICON.exists(), reason="needs the chapter's icon in ../shared")
def test_our_icon_is_of_the_chapters_kind_and_not_its_copy():
    chapters = iio.imread(CHAPTERS_ICON)
    ours = load_icon()
    assert chapters.shape == ours.shape and chapters[..., :3].max() == 0
    assert not np.array_equal(chapters[WINDOW], ours[WINDOW])
    assert (chapters[..., 3] != ours[..., 3]).mean() > 0.05


def test_a_missing_icon_is_named_and_how_to_get_it_back(monkeypatch, tmp_path):
    monkeypatch.setattr(images, "ICON_PATH", tmp_path / "clock.png")
    with pytest.raises(FileNotFoundError, match=r"clock\.png.*git checkout"):
        load_icon()


def pictures_of_every_kind():
    random = np.random.default_rng(0)
    every_opacity = np.zeros((256, 256, 4), dtype="uint8")
    every_opacity[..., 3], every_opacity[..., 0] = np.mgrid[0:256, 0:256]
    return {
        "the icon": load_icon(),
        "noise": random.integers(0, 256, (40, 30, 4), dtype="uint8"),
        "every red at every opacity": every_opacity,
    }


@pytest.mark.parametrize("kind", pictures_of_every_kind())
def test_white_paper_is_what_pillow_lays_a_picture_on(kind):
    picture = pictures_of_every_kind()[kind]
    pillows = Image.fromarray(picture)
    pillows = Image.alpha_composite(Image.new("RGBA", pillows.size, "white"), pillows)
    ours = on_white(picture)
    assert ours.dtype == np.uint8 and ours.shape == (*picture.shape[:2], 3)
    difference = np.abs(ours.astype(int) - np.asarray(pillows)[..., :3].astype(int))
    assert difference.max() <= 1  # Pillow rounds its whole numbers in another way


def test_on_white_paper_full_ink_is_its_colour_and_none_is_white():
    picture = np.array([[[10, 20, 30, 255], [10, 20, 30, 0], [0, 0, 0, 51]]], dtype="uint8")
    assert on_white(picture).tolist() == [[[10, 20, 30], [255, 255, 255], [204, 204, 204]]]


def test_white_paper_leaves_the_picture_itself_alone():
    icon = load_icon()
    before = icon.copy()
    on_white(icon)
    assert np.array_equal(icon, before)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((5, 6, 3), dtype="uint8"),
        np.zeros((5, 4), dtype="uint8"),
        np.zeros((2, 5, 6, 4), dtype="uint8"),
        np.zeros((5, 6, 4), dtype="float32"),
    ],
    ids=["RGB", "one layer", "two pictures", "floats"],
)
def test_white_paper_refuses_what_has_no_alpha_of_bytes(picture):
    with pytest.raises(ValueError, match="four layers"):
        on_white(picture)


def test_to_the_nets_range_and_back_gives_the_same_pictures():
    pictures = np.random.default_rng(0).random((3, 50, 50, 3), dtype="float32")
    for_nets = to_net_range(pictures)
    assert for_nets.shape == pictures.shape and for_nets.dtype == np.float32
    assert for_nets.min() < -0.99 and for_nets.max() > 0.99
    back = to_picture_range(for_nets)
    assert back.dtype == np.float32
    assert np.allclose(back, pictures, atol=1e-6)


def test_black_gray_and_white_have_their_places_in_both_ranges():
    assert to_net_range([0.0, 0.5, 1.0]).tolist() == [-1.0, 0.0, 1.0]
    assert to_picture_range([-1.0, 0.0, 1.0]).tolist() == [0.0, 0.5, 1.0]


def test_a_nets_output_a_little_outside_is_cut_into_the_pictures_range():
    assert to_picture_range([-1.01, 1.01]).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    "pictures", [np.array([0, 255], dtype="uint8"), np.array([-1.0, 1.0]), np.array([np.nan])]
)
def test_pictures_that_are_not_in_0_to_1_are_refused_on_the_way_to_the_net(pictures):
    with pytest.raises(ValueError, match="divided by 255"):
        to_net_range(pictures)


def test_pictures_that_are_right_are_not_copied():
    pictures = flat_pictures(3)
    assert check_pictures(pictures) is pictures


@pytest.mark.parametrize("dtype", ["float64", "uint8", "bool", "object"])
def test_pictures_of_another_type_come_as_float32(dtype):
    pictures = np.ones((2, 5, 6, 3), dtype)
    checked = check_pictures(pictures)
    assert checked.dtype == np.float32 and np.array_equal(checked, np.ones((2, 5, 6, 3)))


def test_rounding_may_lead_a_little_out_of_the_range_and_more_may_not():
    check_range(np.array([-0.0009, 1.0009]))
    for wrong in ([-0.002, 0.5], [0.5, 1.002]):
        with pytest.raises(ValueError, match="but \\[0, 1\\] is needed"):
            check_range(np.array(wrong))
    check_range(np.zeros((0, 5, 5, 3)))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (np.zeros((1, 9, 9, 3)), "Too few photographs: 1, but 2 or more are needed."),
        (
            np.zeros((3, 9, 9)),
            "The photographs have shape (3, 9, 9), but (n, height, width, 3) is ",
        ),
        (
            np.zeros((3, 7, 9, 3)),
            "The photographs have 7 x 9 pixels, but 8 x 8 or more are needed.",
        ),
        (
            np.full((3, 9, 9, 3), 2.0),
            "The values of the photographs go from 2 to 2, but [0, 1] is ",
        ),
        (np.full((3, 9, 9, 3), np.nan), "The values of the photographs go from nan to nan, but "),
        ([[0.5], [0.5, 0.5]], "The photographs are not one array of numbers: give float32 (n, "),
        (np.full((3, 9, 9, 3), "0.5"), "The photographs are not one array of numbers: give "),
        ("a face", "The photographs are not one array of numbers: give float32 (n, height, "),
    ],
)
def test_what_are_no_pictures_is_told_in_a_sentence_with_their_name(wrong, sentence):
    with pytest.raises(ValueError) as refused:
        check_pictures(wrong, "photographs", at_least=2, smallest_side=8)
    assert str(refused.value).startswith(sentence)


def test_a_saved_picture_is_the_picture(tmp_path):
    picture = np.random.default_rng(0).random((5, 7, 3), dtype="float32")
    images.save_picture(tmp_path / "picture.png", picture)
    with Image.open(tmp_path / "picture.png") as saved:
        assert (np.asarray(saved) == np.round(picture * 255)).all()
        assert saved.text == {
            "Description": "Drawn by a neural net (a GAN). This is no photograph."
        }
    with Image.open(io.BytesIO(images.as_png(picture))) as shown:  # it may be of a photograph
        assert shown.text == {}


def test_a_saved_animation_has_its_pictures_in_order_and_repeats(tmp_path):
    pictures = np.zeros((3, 8, 8, 3), dtype="uint8")
    pictures[1] = (255, 0, 0)
    pictures[2] = 255
    images.save_animation(tmp_path / "growth.gif", pictures, seconds_a_picture=0.5)
    with Image.open(tmp_path / "growth.gif") as gif:
        assert (gif.n_frames, gif.info["duration"], gif.info["loop"]) == (3, 500, 0)
        assert gif.info["comment"].decode() == images.DRAWN_BY_A_NET
    assert (iio.imread(tmp_path / "growth.gif") == pictures).all()


@pytest.mark.parametrize(
    ("rows", "side", "size"),
    [(50, 140, 50), (140, 140, 140), (200, 140, 100), (1200, 600, 600), (199, 140, 199)],
)
def test_pictures_for_a_page_are_made_smaller_by_whole_blocks_or_left(rows, side, size):
    pictures = np.random.default_rng(0).random((2, rows, rows, 3), dtype="float32")
    small = images.at_most(pictures, side)
    assert small.shape == (2, size, size, 3)
    np.testing.assert_allclose(small.mean((1, 2)), pictures.mean((1, 2)), atol=1e-4)
    block = rows // size
    np.testing.assert_allclose(small[:, 0, 0], pictures[:, :block, :block].mean((1, 2)), atol=1e-5)


def test_a_side_that_has_no_whole_blocks_is_refused():
    with pytest.raises(ValueError, match="A side of 75 pixels can't be parted into 50 whole"):
        images.average_down(np.zeros((1, 75, 75, 3)), 50)


def test_lesson_01s_helpers_import_no_tensorflow():
    code = (
        "import sys; from helpers.images import load_icon; "
        "from helpers.classroom import check, plots; assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def some_pictures(count, height=4, width=6):
    return np.random.default_rng(count).random((count, height, width, 3), dtype="float32")


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (3, 10), (7, 3), (12, 4), (20, 10)])
def test_picture_k_lies_where_one_counts_to_row_by_row(count, columns):
    pictures = some_pictures(count)
    sheet = contact_sheet(pictures, columns)
    rows = (count + columns - 1) // columns
    by_hand = np.full((rows * 4, columns * 6, 3), 1.0)
    k = 0
    for row in range(rows):
        for column in range(columns):
            if k < count:
                for y in range(4):
                    for x in range(6):
                        by_hand[4 * row + y, 6 * column + x] = pictures[k, y, x]
            k += 1
    assert sheet.dtype == np.float32
    assert np.array_equal(sheet, by_hand)


@pytest.mark.parametrize(
    ("pictures", "words"),
    [
        (np.zeros((50, 50, 3)), "height, width, 3"),
        (np.zeros((4, 50, 50)), "height, width, 3"),
        (np.zeros((2, 5, 5, 4)), "height, width, 3"),
        (np.zeros((0, 50, 50, 3)), "Too few pictures: 0"),
    ],
    ids=["one picture", "gray", "alpha", "none"],
)
def test_a_sheet_of_what_are_no_colour_pictures_is_refused(pictures, words):
    with pytest.raises(ValueError, match=words):
        contact_sheet(pictures)


@pytest.mark.parametrize("pictures", [some_pictures(2) * 255, some_pictures(2) * 2 - 1])
def test_a_sheet_in_another_range_is_refused_with_the_way_out(pictures):
    with pytest.raises(ValueError, match=r"to_picture_range.*divided by 255"):
        contact_sheet(pictures)
