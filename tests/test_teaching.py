"""TEACHING.md can be believed: its sheets add up, and what it names is there."""

import re
from types import SimpleNamespace

import nbformat
import pytest

from tests import lesson_tools, run_sheets, test_front_door, test_reading
from tests.run_sheets import TEACHING, Item, Row, SheetError, play, sheets, tags

TEXT = TEACHING.read_text(encoding="utf-8")
SHEETS = sheets(TEXT)
LESSONS = {path.name[:2]: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
TAUGHT = ("00", "01", "02", "03", "04", "05", "06", "07", "08", "09")
PARTS = (  # of each lesson's section, in this order
    *("Goal", "Type, show, skip", "Waiting", "One sees", "Stuck", "Check point"),
    *("Exercises", "Cells"),
)
CHAPTERS = (
    *("For whom", "The week before", "The night before", "Run sheets", "The helper's sheet"),
    *("The ladder of fallbacks", "Ten minutes of ethics", "Code of conduct", "Survey"),
    *("Your own faces", "A room's seeds"),
)
NAMED = re.compile(r"((?:`[\w-]+`(?:, )?)+) \(([^;]+)\)(?:; |$)")  # `one`, `other` (Their heading)
each_sheet = pytest.mark.parametrize("minutes", SHEETS)
each_section = pytest.mark.parametrize("number", TAUGHT)


def section(number):
    """The section of a lesson, found by its heading as the instructor's edition finds it."""
    return re.search(rf"^## {number} .*?(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL).group()


def part(number, name):
    """What a section says behind the bold name of a part."""
    found = re.search(
        rf"^- \*\*{name}\.\*\* (.*?)(?=^- \*\*|\Z)", section(number), re.MULTILINE | re.DOTALL
    )
    return found.group(1).strip()


def lesson(number):
    if number not in LESSONS:
        pytest.skip(f"lesson {number} is not in notebooks/ yet")
    return LESSONS[number]


def items(minutes):
    return [item for row in SHEETS[minutes] for item in (*row.items, *row.background)]


def test_there_are_sheets_for_90_minutes_half_a_day_and_a_day():
    assert list(SHEETS) == [90, 240, 480]


@each_sheet
def test_a_sheets_rows_add_up(minutes):
    now = 0
    for row in SHEETS[minutes]:
        assert (row.start, sum(row.parts)) == (now, row.minutes), row.what
        assert row.who in ("everybody", "pairs", "instructor", "nobody")
        now += row.minutes
    assert now == minutes


@each_sheet
def test_nobody_sits_for_two_hours_without_a_break(minutes):
    since = 0
    for row in SHEETS[minutes]:
        if re.match("Break|Lunch", row.what):
            since = row.start + row.minutes
        assert row.start + row.minutes - since <= 110, row.what


@each_sheet
def test_a_sheet_names_cells_that_are_in_their_lesson_in_this_order(minutes):
    for item in items(minutes):
        names = [name for name, _ in tags(lesson(item.lesson))]
        asked = [name for name in (item.first, item.last) if name]
        assert all(names.count(name) == 1 for name in asked), item
        assert [names.index(name) for name in asked] == sorted(map(names.index, asked)), item


@each_section
def test_every_lesson_has_a_section_with_all_its_parts_in_order(number):
    assert tuple(re.findall(r"^- \*\*(.+?)\.\*\*", section(number), re.MULTILINE)) == PARTS
    assert all(part(number, name) for name in PARTS)
    assert re.search(r"\*[^*]+\?\* → \S", part(number, "Check point"))  # a question, its answer


def test_every_lesson_of_the_course_is_taught_and_every_chapter_is_there():
    assert set(LESSONS) <= set(TAUGHT)
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    for chapter in CHAPTERS:
        assert [name for name in headings if name.startswith(chapter)], chapter


@each_section
def test_a_section_says_where_each_named_cell_stands(number):
    told = {}
    for names, heading in NAMED.findall(part(number, "Cells")):
        told.update(dict.fromkeys(re.findall(r"`([\w-]+)`", names), heading))
    cells = lesson(number).cells
    found = {}
    for name, index in tags(lesson(number)):
        above = "\n".join(cell.source for cell in cells[:index] if cell.cell_type == "markdown")
        found[name] = re.findall(r"^#{1,3} (.+)$", above, re.MULTILINE)[-1]
    assert told == found


@each_section
def test_a_named_cell_is_named_because_somebody_needs_it(number):
    used = {
        name for minutes in SHEETS for item in items(minutes) for name in (item.first, item.last)
    }
    text = re.sub(r"^- \*\*Cells\.\*\*.*$", "", TEXT, flags=re.MULTILINE)
    for name, _ in tags(lesson(number)):
        assert name in used or f"`{name}`" in text, name


@each_section
def test_what_one_sees_names_a_machine_or_says_that_it_is_the_same_on_all(number):
    told = part(number, "One sees")
    assert "same on every machine" in told or ("cores of an" in told and "not tried" in told)


@each_section
def test_exercises_that_are_named_exist_and_all_of_them_are_counted(number):
    keys = set()
    for notebook in LESSONS.values():
        for cell in lesson_tools.code_cells(notebook):
            keys |= set(re.findall(r'check\("(\d\d\.\d+)"', cell.source))
    named = set(re.findall(r"\b0\d\.\d{1,2}\b", section(number)))
    assert named <= keys
    own = [key for key in keys if key.startswith(number)]
    if lesson(number) and number != "07":
        assert part(number, "Exercises").startswith(f"{len(own)}")


def test_exercises_in_the_sheets_exist():
    for rows in SHEETS.values():
        for row in rows:
            for key in re.findall(r"\b0\d\.\d{1,2}\b", row.what):
                asked = "\n".join(cell.source for cell in lesson(key[:2]).cells)
                assert f'check("{key}"' in asked, key


def test_the_file_is_short_and_in_school_english():
    prose = re.sub(r"^- \*\*Cells\.\*\*.*$", "", run_sheets.SHEET.sub("", TEXT), flags=re.MULTILINE)
    assert len(test_front_door.words(prose)) <= 4650  # and the tables in which one looks up
    assert test_reading.long_share(prose) <= test_reading.LONG_SHARE
    assert test_reading.grade(prose) <= test_reading.SCHOOL_YEARS


HEAD = "### Trial, 90 minutes\n\n| {} |\n|{}\n".format(
    " | ".join(run_sheets.COLUMNS), "---|" * len(run_sheets.COLUMNS)
)


def test_a_row_is_read():
    run = "meanwhile 05: Run All Above `one-step`; 00: `game` → `loss`; 06: `copies`"
    [row] = sheets(f"{HEAD}| 1:05 | 9 | 2 + 4 + 3 | Look | {run} | pairs |\n")[90]
    items = (Item("00", "game", "loss"), Item("06", "copies", "copies"))
    background = (Item("05", last="one-step", above=True),)
    assert row == Row(65, 9, (2, 4, 3), "Look", items, background, "pairs")


@pytest.mark.parametrize(
    "row",
    [
        "| 65 | 9 | 2 + 4 + 3 | Look | – | pairs |",
        "| 1:05 | 9 | 2 + 7 | Look | – | pairs |",
        "| 1:05 | 9 | 2 + 4 + 3 | Look | 05: one-step | pairs |",
        "| 1:05 | 9 | 2 + 4 + 3 | Look | 05: `one-step`, 06: `copies` | pairs |",
    ],
)
def test_a_row_that_can_not_be_read_is_an_error_with_that_row(row):
    with pytest.raises(SheetError, match=re.escape(row)):
        sheets(HEAD + row)


# Playing, without kernels


@pytest.fixture
def room(monkeypatch):
    """Lessons of five cells, "00 a" to "00 e", named by their letters; and what was run where."""

    def read(number):
        cells = [nbformat.v4.new_code_cell(f"{number} {letter}") for letter in "abcde"]
        for cell, letter in zip(cells, "abcde", strict=True):
            cell.metadata["tags"] = [f"cell:{letter}", "other"]
        return nbformat.v4.new_notebook(cells=cells)

    monkeypatch.setattr(run_sheets, "read_lesson", read)
    ran = []
    kernel = SimpleNamespace(run=ran.append, close=lambda: ran.append("closed"))
    return SimpleNamespace(ran=ran, make_kernel=lambda number: kernel)


def rows(*runs, wait=0):
    """A sheet of rows of ten minutes, each with the items and what it starts in the background."""
    return [
        Row(10 * number, 10, (10 - wait, 0, wait), f"row {number}", items, background, "pairs")
        for number, (items, background) in enumerate(runs)
    ]


def test_cells_above_are_run_once_and_named_ones_each_time(room):
    sheet = rows(([Item("00", "c", "d")], []), ([Item("00", "b", "b"), Item("00", "e", "e")], []))
    assert all(played.fits for played in play(sheet, room.make_kernel))
    assert room.ran == [*(f"00 {letter}" for letter in "abcdbe"), "closed"]


def test_what_runs_in_the_background_is_done_before_a_row_needs_it(room):
    sheet = rows(
        ([], [Item("05")]), ([], [Item("06", last="c", above=True)]), ([Item("05", "d", "e")], [])
    )
    played = {each.what: each for each in play(sheet, room.make_kernel)}
    assert played["lesson 05 in the background"].allowed == 20 * 60
    assert played["lesson 06 in the background"].allowed == 20 * 60  # till the end
    assert [code for code in room.ran if code[:2] == "05"] == [f"05 {x}" for x in "abcdede"]
    assert [code for code in room.ran if code[:2] == "06"] == ["06 a", "06 b"]


def test_a_row_that_computes_longer_than_it_waits_does_not_fit(room, monkeypatch):
    clock = iter(range(0, 100000, 61))  # each look at it is 61 seconds later
    monkeypatch.setattr(run_sheets.time, "monotonic", lambda: next(clock))
    item = Item("00", "a", "a")
    assert [one.fits for one in play(rows(([item], []), wait=1), room.make_kernel)] == [False]
    assert [one.fits for one in play(rows(([item], []), wait=2), room.make_kernel)] == [True]
    assert [one.fits for one in play(rows(([item], [])), room.make_kernel)] == [False]


def test_a_name_that_is_not_in_the_lesson_is_an_error_and_kernels_end(room):
    with pytest.raises(SheetError, match="Lesson 00 has no cell that is named z"):
        list(play(rows(([Item("00", "z", "z")], [])), room.make_kernel))
    assert room.ran == ["closed"]
