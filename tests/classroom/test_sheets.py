"""Sheets of pictures: each is seen whole and large, apart from its neighbours, with its words."""

import numpy as np
import pytest

from helpers.classroom.sheets import FONT_SIZE, GAP, labelled_sheet, with_caption


def some_pictures(count, height=5, width=10):
    return np.random.default_rng(0).uniform(0, 0.9, (count, height, width, 3)).astype("float32")


@pytest.mark.parametrize(("count", "columns"), [(1, 10), (3, 10), (7, 3), (12, 4)])
def test_picture_k_lies_where_one_counts_to_enlarged_and_apart(count, columns):
    pictures = some_pictures(count)
    sheet = labelled_sheet(pictures, columns, side=30)
    columns = min(columns, count)
    white = np.ones(sheet.shape[:2], bool)
    for k, picture in enumerate(pictures):
        row, column = divmod(k, columns)
        top, left = GAP + row * (15 + GAP), GAP + column * (30 + GAP)
        seen = sheet[top : top + 15, left : left + 30]
        np.testing.assert_array_equal(seen, np.kron(picture, np.ones((3, 3, 1), "float32")))
        white[top : top + 15, left : left + 30] = False
    assert (sheet[white] == 1.0).all()
    rows = -(-count // columns)
    assert sheet.shape == (GAP + rows * (15 + GAP), GAP + columns * (30 + GAP), 3)


def test_a_large_picture_is_not_made_smaller():
    assert labelled_sheet(some_pictures(1, 200, 300), side=100).shape == (212, 312, 3)


def test_each_label_stands_at_the_left_of_its_row_and_changes_no_picture():
    pictures = some_pictures(6, 30, 30)
    plain = labelled_sheet(pictures, 2, side=30)
    labelled = labelled_sheet(pictures, 2, side=30, row_labels=["0 s", "a minute", ""])
    strip = labelled.shape[1] - plain.shape[1]
    np.testing.assert_array_equal(labelled[:, strip:], plain)
    dark = [(labelled[row : row + 36, :strip] < 0.5).any() for row in (3, 39, 75)]
    assert dark == [True, True, False]


@pytest.mark.parametrize("labels", [["one"], ["one", "two", "three"]])
def test_another_number_of_labels_than_rows_is_refused(labels):
    with pytest.raises(ValueError, match=r"2 rows, but \d labels"):
        labelled_sheet(some_pictures(4), 2, row_labels=labels)


def test_what_are_no_pictures_is_refused():
    with pytest.raises(ValueError, match="height, width, 3"):
        labelled_sheet(np.zeros((4, 5, 5)))


@pytest.mark.parametrize("width", [10, 800])
def test_a_caption_stands_below_and_changes_no_picture(width):
    sheet = np.full((40, width, 3), 0.4, "float32")
    page = with_caption(sheet, "Drawn by a neural net.")
    assert page.shape[0] == 40 + FONT_SIZE + 2 * GAP
    np.testing.assert_allclose(page[:40, :width], sheet, atol=1 / 500)
    assert (page[:40, width:] == 1.0).all()
    words = page[40:]
    assert (words < 0.5).any() and (words[:, -GAP // 2 :] == 1.0).all()


def test_a_longer_caption_needs_more_room():
    narrow = np.ones((40, 10, 3))
    short, long = with_caption(narrow, "A net."), with_caption(narrow, "A net. " * 5)
    assert 10 < short.shape[1] < long.shape[1]
