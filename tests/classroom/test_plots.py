"""Figures: where pictures land on a sheet, their gray levels, and the alt text of each."""

import html
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.classroom import plots
from helpers.classroom.health import show_readings
from helpers.classroom.lesson import FIGURE_STYLE
from helpers.classroom.readings import Reading
from helpers.images import save_picture
from tests.fresh_python import run_python
from tests.pictures import images_of
from tests.readings import HEALTHY

LOSSES = ("discriminator_loss", "generator_loss")
BALLS = (
    [[0.0, 0.0], [3.0, 0.0], [6.0, 0.0]],
    [1.0, 1.5, 0.5],
    [[0.6, 0.8], [2.0, 0.0], [9.0, 9.0]],
)


@pytest.fixture
def shown(monkeypatch):
    """What a notebook gets of each displayed thing: a dict of its forms."""
    outputs = []

    def display(forms, raw):
        assert raw
        outputs.append(forms)

    monkeypatch.setattr(plots, "display", display)
    yield outputs
    plt.close("all")


def decoded(output):
    """The pixels of a shown picture: uint8 (height, width, 3)."""
    [(pixels, _)] = images_of(output["text/html"])
    return pixels[..., :3]


def alt_of(output):
    [(_, alt)] = images_of(output["text/html"])
    return alt


def share_of(output, colour):
    return (decoded(output) == colour).all(axis=-1).mean()


def some_pictures(count, height=4, width=6):
    return np.random.default_rng(count).random((count, height, width, 3), dtype="float32")


def test_importing_the_helpers_that_draw_changes_no_setting_of_matplotlib():
    code = (
        "import matplotlib\n"
        "before = matplotlib.rcParams.copy()\n"
        "from helpers.classroom import health, html_pictures, plots, widgets\n"
        "assert matplotlib.rcParams.copy() == before\n"
    )
    process = run_python(code)
    assert process.returncode == 0, process.stderr


READING = Reading(**HEALTHY | {"held_out_right": None})


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (plots.show_bars, (["one"], [1.0], "A title.", "pixels", "One bar.")),
        (plots.show_losses, (dict.fromkeys(LOSSES, [1.0, 2.0]), "A title.", "Two lines.")),
        (plots.show_sheet, (np.zeros((2, 4, 6, 3)), "A title.", "Two pictures.")),
        (plots.show_row, (np.zeros((2, 4, 6, 3)), ["one", "two"], "A title.", "Two pictures.")),
        (plots.show_balls, (*BALLS, "A title.")),
        (show_readings, ([READING, READING], "A title.", "Three lines.")),
    ],
)
def test_the_courses_own_figures_look_the_same_before_and_after_a_lesson_has_begun(
    draw, words, shown
):
    """Their look is theirs, and stays so: what others set comes back after them."""
    with matplotlib.rc_context({"axes.spines.top": True, "font.size": 17}):
        draw(*words)
        assert matplotlib.rcParams["axes.spines.top"] is True
        assert matplotlib.rcParams["font.size"] == 17
    with matplotlib.rc_context(FIGURE_STYLE):  # as a lesson's start leaves it
        draw(*words)
    first, second = shown
    assert first == second


@pytest.mark.parametrize("alt", ["", "   ", None])
def test_no_figure_is_shown_without_alt_text(shown, alt):
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match="alt text"):
        plots.show(figure, alt)
    assert shown == []
    assert plt.get_fignums() == []  # or the notebook would draw it by itself, without alt text


def test_a_shown_figure_is_html_with_its_alt_text_and_is_closed(shown):
    figure, axis = plt.subplots()
    axis.plot([1, 2, 3])
    alt = 'A line that rises: 1 < 3 & "more".'
    plots.show(figure, alt)
    assert set(shown[0]) == {"text/html", "text/plain"}
    assert alt_of(shown[0]) == shown[0]["text/plain"] == alt
    assert decoded(shown[0]).std() > 1
    assert plt.get_fignums() == []


def test_a_picture_has_its_size_in_the_page_before_it_is_drawn(shown):
    figure, axis = plt.subplots(figsize=(4, 2))
    axis.plot([1, 2, 3])
    plots.show(figure, "A line.")
    height, width, _ = decoded(shown[0]).shape
    assert f'width="{width}" height="{height}"' in shown[0]["text/html"]


def titled_figure(way):
    figure, axis = plt.subplots()
    axis.plot([1, 2, 3])
    if way == "of the figure":
        figure.suptitle("1 < 3")
    elif way == "of its only axes":
        axis.set_title("1 < 3", loc="left")
    return figure


@pytest.mark.parametrize("way", ["of the figure", "of its only axes"])
def test_a_title_is_text_on_the_page_and_no_part_of_the_drawing(shown, way):
    plots.show(titled_figure(way), "A line.")
    plots.show(titled_figure("none"), "A line.")
    titled, untitled = shown
    caption = re.search("<figcaption>(.*?)</figcaption>", titled["text/html"]).group(1)
    assert html.unescape(re.sub("<.*?>", "", caption)) == "1 < 3"
    assert titled["text/plain"] == "1 < 3\nA line."
    assert "figcaption" not in untitled["text/html"]
    # A title that is still drawn would make the picture higher.
    assert abs(len(decoded(titled)) - len(decoded(untitled))) <= 3


def test_the_titles_of_several_axes_stay_in_the_drawing(shown):
    figure, axes = plt.subplots(1, 2)
    for axis, title in zip(axes, ("before", "after"), strict=True):
        axis.set_title(title, loc="left")
    plots.show(figure, "Two frames.")
    assert "figcaption" not in shown[0]["text/html"]
    assert [axis.get_title(loc="left") for axis in axes] == ["before", "after"]


ALT = "What there is to see."
WAYS_TO_SHOW = {
    "sheet": lambda: plots.show_sheet(some_pictures(3), "Three.", ALT),
    "row": lambda: plots.show_row(some_pictures(2), ["a", "b"], "Two.", ALT),
    "losses": lambda: plots.show_losses(
        {"discriminator_loss": [0.7, 0.5], "generator_loss": [0.7, 0.9]}, "They part.", ALT
    ),
    "bars": lambda: plots.show_bars(["a", "b"], [1.0, 2.0], "b is longer.", "metres", ALT),
}


@pytest.mark.parametrize(("rows", "kind"), [(50, "png"), (100, "jpeg")])
def test_a_sheet_of_large_pictures_is_kept_in_fewer_bytes(shown, rows, kind):
    plots.show_sheet(np.full((2, rows, rows, 3), 0.3), "Two.", ALT)
    assert f"data:image/{kind};base64," in shown[0]["text/html"]


@pytest.mark.parametrize("way", WAYS_TO_SHOW)
def test_every_kind_of_figure_carries_its_alt_text(shown, way):
    WAYS_TO_SHOW[way]()
    assert alt_of(shown[0]) == ALT
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("number", "kind", "level"),
    [
        (51, "uint8", 51),
        (51, "int64", 51),  # as np.array([[51]]) makes it
        (240, "uint8", 240),
        (255, "uint8", 255),
        (1, "uint8", 1),  # nearly black, not white
        (0.2, "float32", 51),
        (1.0, "float64", 255),
    ],
)
def test_a_gray_picture_has_the_gray_level_that_its_numbers_say(shown, number, kind, level):
    plots.show_row([np.full((8, 8), number, dtype=kind)], ["one level"], "One level.", ALT)
    pixels = decoded(shown[0])
    middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    assert np.abs(middle.astype(int) - level).max() <= 1


def test_enlarged_pixels_stay_squares_of_one_colour(shown):
    board = np.indices((8, 8)).sum(axis=0) % 2 * 255
    plots.show_row([board.astype("uint8")], ["a board"], "A board.", ALT)
    assert share_of(shown[0], 0) + share_of(shown[0], 255) > 0.95


def test_a_picture_made_smaller_loses_no_line(shown):
    lines = np.full((500, 500), 255, dtype="uint8")
    lines[::10] = 0  # 50 lines of one pixel; nearest neighbour would drop more than half of them
    plots.show_row([lines], ["lines"], "Lines.", ALT)
    pixels = decoded(shown[0])
    column = pixels[:, pixels.shape[1] // 2, 0].astype(int)
    dark = column[30:-40] < 245
    assert np.count_nonzero(np.diff(dark.astype(int)) == 1) >= 40


def test_a_picture_at_about_its_own_size_doubles_no_line(shown):
    lines = np.full((256, 256), 255, dtype="uint8")
    lines[::2] = 0
    plots.show_row([lines], ["lines"], "Lines.", ALT, picture_inches=3.2)
    pixels = decoded(shown[0])
    column = pixels[60:-60, pixels.shape[1] // 2, 0].astype(int)  # inside the picture
    doubled = np.diff(column) == 0
    assert doubled.mean() < 0.02  # nearest neighbour: one row of fourteen


def test_a_row_needs_a_caption_for_each_picture(shown):
    with pytest.raises(ValueError):
        plots.show_row(some_pictures(2), ["only one"], "Two.", ALT)


def test_a_picture_file_is_shown_as_it_is_as_wide_as_wanted(shown, tmp_path):
    picture = some_pictures(1, 5, 10)[0]
    save_picture(tmp_path / "a.png", picture)
    plots.show_file(tmp_path / "a.png", "A title", ALT, width=100)
    assert np.abs(decoded(shown[0]) / 255 - picture).max() < 0.003
    assert 'width="100" height="50"' in shown[0]["text/html"]
    assert "<b>A title</b>" in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("losses", "scale"),
    [([0.7, 0.5], "linear"), ([0.7, -0.01], "symlog"), ([0.7, 240.0], "symlog")],
)
def test_losses_below_zero_and_in_the_hundreds_can_be_read(shown, monkeypatch, losses, scale):
    figures = []
    monkeypatch.setattr(plots, "show", lambda figure, alt: figures.append(figure))
    history = {"discriminator_loss": losses, "generator_loss": [0.7, 0.9]}
    plots.show_losses(history, "Losses.", ALT)
    [axis] = figures[0].axes
    assert axis.get_yscale() == scale
    zero = [line for line in axis.lines if list(line.get_ydata()) == [0.0, 0.0]]
    assert bool(zero) == (scale == "symlog")
    plt.close(figures[0])


def test_a_ball_with_a_fake_in_it_is_filled_and_counted_also_on_its_edge(monkeypatch):
    """Of three balls, two: one with a fake on its edge, one with a fake inside."""
    figures = []
    monkeypatch.setattr(plots, "show", lambda *words: figures.append(words))
    plots.show_balls(*BALLS, "Balls.")
    figure, alt = figures[0]
    [axis] = figure.axes
    filled = [circle.center for circle in axis.patches if circle.get_fill()]
    assert [tuple(centre) for centre in filled] == [(0.0, 0.0), (3.0, 0.0)]
    assert len([circle for circle in axis.patches if not circle.get_fill()]) == 3
    assert "2 of 3 circles have a fake in them" in alt
    assert axis.get_xlabel() in alt
    plt.close(figure)


def test_balls_that_are_a_question_do_not_tell_how_many_are_covered(monkeypatch):
    figures = []
    monkeypatch.setattr(plots, "show", lambda *words: figures.append(words))
    plots.show_balls(*BALLS, "How many?", is_filled=False)
    figure, alt = figures[0]
    assert alt == "3 circles, each around a real picture's point, and 3 crosses."
    assert not any(circle.get_fill() for circle in figure.axes[0].patches)
    assert figure.axes[0].get_xlabel() == ""
    plt.close(figure)
