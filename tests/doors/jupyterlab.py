"""Every lesson in a real browser, as a learner at home meets it: opened, run, played with.

    python -m pytest tests/doors/jupyterlab.py            all lessons, smoke profile: 4 minutes
    python -m pytest tests/doors/jupyterlab.py -k 06      one lesson
    COURSE_PROFILE=workshop python -m pytest tests/doors/jupyterlab.py

Screenshots and JupyterLab's log stay in `runs/doors/jupyterlab`. Cells are counted from 0, text
cells included. Needs make, Chromium and playwright; `lab.py` and `jupyterlab_page.js` belong to it.
"""

import os
import re

import pytest
from playwright.sync_api import expect

from tests import lesson_tools
from tests.doors import lab

NAMES = [path.name for path in lesson_tools.lessons()]
MINUTES = 5 if os.environ["COURSE_PROFILE"] == "smoke" else 25  # that a lesson may run
pytestmark = pytest.mark.xdist_group("browser")  # one JupyterLab and one browser for all
expect.set_options(timeout=30_000)  # milliseconds that the answer to a key may take


@pytest.fixture(scope="module")
def door(request, tmp_path_factory):
    """The browser, and the address that `make lab` prints in a copy of the course."""
    if getattr(request.config.option, "loadgroup", False):  # else each process runs each lesson
        mine = [item.nodeid for item in request.session.items if item.path == request.path]
        assert all(name.endswith("@browser") for name in mine), "pytest-xdist keeps no groups"
    course, home = tmp_path_factory.mktemp("copy") / "course", tmp_path_factory.mktemp("home")
    lab.copy_course(course)
    with lab.started_lab(course, home) as address, lab.started_browser() as browser:
        yield browser, address


@pytest.fixture(scope="module", params=NAMES)
def stored_lesson(request, door):
    """A lesson that is open, but not run; its kernel ends afterwards."""
    lesson = lab.OpenLesson(*door, request.param)
    yield lesson
    lesson.close()


@pytest.fixture(scope="module")
def run_lesson(stored_lesson):
    """The same lesson in the same page, after "Restart Kernel and Run All Cells"."""
    stored_lesson.run_all(MINUTES)
    return stored_lesson


def test_a_stored_lesson_shows_what_it_holds_before_anything_is_run(stored_lesson):
    complaints = stored_lesson.complaints(was_run=False)
    stored_lesson.keep_pictures("stored")
    fail_with(stored_lesson, complaints)


def test_a_lesson_runs_to_its_end_and_draws_all_without_a_warning(run_lesson):
    complaints = run_lesson.complaints(was_run=True)
    run_lesson.keep_pictures("run")
    fail_with(run_lesson, complaints)


def test_nobody_is_shut_out_of_a_lessons_texts_and_outputs(run_lesson):
    fail_with(run_lesson, run_lesson.barriers())


def test_a_lesson_answers_the_keyboard(run_lesson):
    number, before = run_lesson.name[:2], run_lesson.complaints(was_run=True)
    for play, call in PLAYS.get(number, []):
        places = run_lesson.cells(call)
        assert len(places) == 1, f"{run_lesson.name} needs one cell with {call}: {places}"
        play(run_lesson, places[0], f"{run_lesson.name}, cell {places[0]}")
    exercise = run_lesson.cells("answer = ...")[0]
    for answer, reply in ANSWERS.get(number, ANSWERS["any"]):
        give_answer(run_lesson, exercise, answer, reply)
    complaints = run_lesson.complaints(was_run=True)
    run_lesson.keep_pictures("played")
    fail_with(run_lesson, [complaint for complaint in complaints if complaint not in before])


def fail_with(lesson, complaints):
    """Fail where there are complaints; each of them on a line, with its cell."""
    if complaints:
        head = f"{lesson.name}: {len(complaints)} complaints; screenshots are in {lab.KEPT}"
        pytest.fail("\n".join([head, *complaints]), pytrace=False)


def lead_through_a_training(lesson, place, where):
    """The slider of `grow`: each arrow shows another moment, End the last one, Home the first."""
    first = lesson.picture(place)
    lesson.tab_to(place, ".noUi-handle")
    for key in ("ArrowRight", "ArrowRight", "End", "Home"):
        move(lesson, place, key, f"{where}, {key}")
    assert lesson.picture(place) == first, f"{where}: Home doesn't show the first moment."


def walk_between_faces(lesson, place, where):
    """Both sliders of `walk`: each step shows another face."""
    for number, name in enumerate(("across", "down")):
        lesson.tab_to(place, ".noUi-handle", number)
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End"):
            move(lesson, place, key, f"{where}, {name}, {key}", number)


def move(lesson, place, key, where, number=0):
    """Press a key; the words beside the slider of this number and the picture must change."""
    readout = lesson.cell(place).locator(".widget-readout").nth(number)
    words, picture = readout.inner_text(), lesson.picture(place)
    lesson.page.keyboard.press(key)
    expect(readout, f"{where}: the slider doesn't move.").not_to_have_text(words)
    lesson.wait_for_another_picture(place, picture, f"{where}: the picture doesn't change.")


def spot_the_fake(lesson, place, where):
    """A whole game: A with Enter, B with Space, until the verdict."""
    cell = lesson.cell(place)
    sentence = cell.locator(".widget-html-content").first
    pairs = int(re.fullmatch(r"Pair 1 of (\d+)", sentence.inner_text()).group(1))
    for pair in range(1, pairs + 1):
        picture = lesson.picture(place)
        lesson.tab_to(place, "button.widget-button", pair % 2)
        lesson.page.keyboard.press(("Enter", "Space")[pair % 2])
        if pair < pairs:
            after = f"{where}, after pair {pair}"
            expect(sentence, f"{after}: no next one.").to_have_text(f"Pair {pair + 1} of {pairs}")
            lesson.wait_for_another_picture(place, picture, f"{after}: the same pictures.")
    verdict = re.compile(rf"\d+ of {pairs} fakes found\. \w.+")
    expect(sentence, f"{where}: no verdict after {pairs} pairs.").to_have_text(verdict)
    enabled = cell.locator("button.widget-button:enabled")
    expect(enabled, f"{where}: one can press on after the verdict.").to_have_count(0)


def give_answer(lesson, place, answer, reply):
    """Type the answer over the present one, run the cell, and wait for the reply."""
    lesson.type_line(place, "answer =", f"answer = {answer}")
    lesson.page.keyboard.press("Shift+Enter")
    where = f"{lesson.name}, cell {place}: the answer {answer} gets another reply."
    expect(lesson.cell(place).locator(".jp-OutputArea"), where).to_have_text(re.compile(reply))


PLAYS = {
    "00": [(lead_through_a_training, "grow(")],
    "06": [(walk_between_faces, "walk("), (spot_the_fake, ".play()")],
    "08": [(lead_through_a_training, "grow(")],
}
ANSWERS = {  # to the first exercise of a lesson, each with the reply that is expected
    "00": [
        ('"spread"', r"^Not yet\. Without the square the inspector sees only"),
        ('"mean"', r"^Right\. The forger learns only what the inspector can see"),
    ],
    "any": [('"I don\'t know"', r"^Not yet\. \w.{10,}")],
}
