"""Can the lessons be read? Sentences, words that are explained, minutes, and the shape of cells.

python -m tests.test_reading            prints what is counted, lesson by lesson
python -m tests.test_reading 05 06      and the sentences of these lessons that are too long
"""

import ast
import re
import statistics
import sys

import nbformat
import pytest
import readability

from tests import lesson_tools

LESSONS = {path.name[:2]: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
each_lesson = pytest.mark.parametrize("lesson", LESSONS)

LONG_SENTENCE = 25  # words; longer ones are the exception
LONG_SHARE = 0.02  # of a lesson's sentences
SCHOOL_YEARS = 4.0  # Flesch and Kincaid's grade: about so many years of school in English

WORDS_A_MINUTE, CODE_LINES_A_MINUTE, EXERCISE_MINUTES = 150, 15, 2.5
WAITING = {  # minutes, on two cores: `python -m tests.lesson_tools run` prints the seconds
    "00": 0.5,
    "01": 0.1,
    "02": 0.7,
    "03": 0.8,
    "04": 0.5,
    "05": 3.8,
    "06": 3.9,
    "07": 5.0,
    "08": 10.2,
    "09": 1.0,
}
MINUTES_APART = 0.15  # so much may the stated minutes be off, as a share of the counted ones

CELL_LINES, LARGEST_CELL, LARGEST_LOOP = 5, 20, 35  # the median's, any cell's, the loop's of 05
WORDS_A_CODE_LINE = 8
CODE_AFTER_CODE = 0.1  # as a share of the code cells
ASSERTS = 4

# What is bold in the lessons and no word of the field, in small letters.
STRESSED = {
    *(
        "you will",
        "you need",
        "on to",
        "back to",
        "go on to",
        "shift + enter",
        "to choose yourself",
    ),
    *("symptom", "cause", "cure", "it sees", "its blind spot", "guess first", "do you expect"),
    *("not", "never", "three", "one point", "logarithmic", "cycle", "flipped"),
    *("as printed", "mended", "tuned", "mend", "one"),
}
GLOSSARY = lesson_tools.NOTEBOOKS / "glossary.md"
ENTRY = re.compile(r"^- \*\*(.+?)\*\*: (.+?) \[[^\]]+\]\((\d\d_\w+\.ipynb)#(\S+)\)$", re.MULTILINE)
OTHER_WORD = re.compile(r"^- \*([^*]+)\*: here \*\*(.+?)\*\*$", re.MULTILINE)


# What a reader reads


def markdown_of(notebook):
    """The text of a lesson, without what nobody reads: badges, addresses, folded solutions."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for block in ("<!-- badges -->.*?<!-- /badges -->", "<!-- addresses -->.*?<!-- /addresses -->"):
        text = re.sub(block, "", text, flags=re.DOTALL)
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def without_code(text):
    """A Markdown text without its blocks of code."""
    return re.sub(r"^\s*```.*?^\s*```", "", text, flags=re.DOTALL | re.MULTILINE)


def words(text):
    """What has a letter or a digit, between blanks; of a link the name, not the address."""
    text = re.sub(r"\]\([^)\s]*\)", "]", without_code(text))
    return [word for word in text.split() if re.search(r"\w", word)]


def sentences(text):
    """The sentences of a Markdown text, each as a list of its words.

    Headings, tables, formulas and code are none. Code within a sentence is one short word.
    """
    text = without_code(text)
    text = re.sub(r"\$\$.*?\$\$|<[^>\n]+>", "", text, flags=re.DOTALL)
    text = re.sub(r"^\s*(#|\||>).*$", "", text, flags=re.MULTILINE)  # heading, table, formula
    text = re.sub(r"\$[^$\n]+\$|`[^`\n]+`", "code", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", text).replace("*", "")
    text = re.sub(r"^\s*(?:-|\d+\.) ", "\n\n", text, flags=re.MULTILINE)  # an item stands alone
    found = []
    for paragraph in re.split(r"\n\s*\n| · ", text):
        for sentence in re.split(
            r"(?<=[.!?])\s+(?=[^a-z])|(?<=[.!?][)\"”])\s+(?=[^a-z])", paragraph
        ):
            parts = [re.sub(r"^\W+|\W+$", "", part) for part in sentence.split()]
            found.append([part for part in parts if part])
    return [sentence for sentence in found if sentence]


def long_sentences(text):
    return [sentence for sentence in sentences(text) if len(sentence) > LONG_SENTENCE]


def long_share(text):
    return len(long_sentences(text)) / len(sentences(text))


def grade(text):
    """Flesch and Kincaid's grade of a text: from words a sentence and syllables a word."""
    lines = "\n".join(" ".join(sentence) for sentence in sentences(text))
    return readability.getmeasures(lines, lang="en")["readability grades"]["Kincaid"]


@each_lesson
def test_long_sentences_are_the_exception(lesson):
    text = markdown_of(LESSONS[lesson])
    told = "\n".join(" ".join(sentence) for sentence in long_sentences(text))
    assert long_share(text) <= LONG_SHARE, f"{long_share(text):.1%} are too long:\n{told}"


@each_lesson
def test_the_english_is_that_of_a_school(lesson):
    assert grade(markdown_of(LESSONS[lesson])) <= SCHOOL_YEARS


BAD = """Notwithstanding considerable methodological heterogeneity, adversarial optimisation
procedures characteristically necessitate simultaneous consideration of discriminator calibration
and generator expressivity, because otherwise convergence deteriorates irrecoverably whenever
regularisation is insufficient or the distributional characteristics are misrepresented."""
GOOD = "A net draws a picture. Another net looks at it, and says what is wrong. Both learn from it."


def test_a_bad_text_is_found_and_a_good_one_is_not():
    assert long_share(BAD) == 1 and grade(BAD) > SCHOOL_YEARS
    assert long_share(GOOD) == 0 and grade(GOOD) < SCHOOL_YEARS
    assert 0 < long_share(f"{GOOD} {BAD}") < 1


def test_what_is_no_sentence_is_not_counted():
    code = "```python\nx = 1\n```\n\n> loss = −log(score)\n\n| a | b |\n|---|---|\n| c | d |"
    assert sentences(f"## A heading\n\n{code}\n\n$$x$$") == []
    assert sentences("See [this page](there.md). It has `a[0, 1:5]` in it.") == [
        ["See", "this", "page"],
        ["It", "has", "code", "in", "it"],
    ]
    assert sentences("It is 0.5. (Is it?) Yes.\n- one\n- two") == [
        ["It", "is", "0.5"],
        ["Is", "it"],
        ["Yes"],
        ["one"],
        ["two"],
    ]
    page = nbformat.v4.new_markdown_cell("Ask.\n\n<details>\n\nThe answer.\n\n</details>\n\nGo on.")
    read = markdown_of(nbformat.v4.new_notebook(cells=[page]))
    assert sentences(read) == [["Ask"], ["Go", "on"]]


# How long it takes


def own_code(notebook):
    """The lines of each code cell but the first, which is the same in every lesson."""
    cells = lesson_tools.code_cells(notebook)[1:]
    return [[line for line in cell.source.splitlines() if line.strip()] for cell in cells]


def exercises(notebook):
    """How many answers a lesson asks for: those of exercises, and the clinic's diagnoses."""
    cells = lesson_tools.code_cells(notebook)
    return sum(cell.source.count(call) for cell in cells for call in ("check(", "diagnose("))


def minutes(lesson):
    """The counted minutes of a lesson: reading, code, exercises, and waiting."""
    notebook = LESSONS[lesson]
    return (
        len(words(markdown_of(notebook))) / WORDS_A_MINUTE
        + sum(map(len, own_code(notebook))) / CODE_LINES_A_MINUTE
        + exercises(notebook) * EXERCISE_MINUTES
        + WAITING[lesson]
    )


def stated(text):
    """(minutes, minutes of waiting) in a lesson's first lines; None where no waiting is named."""
    found = re.search(r"\*(\d+) minutes with the exercises(?:, about (\d+) of them waiting)?", text)
    return int(found[1]), found[2] and int(found[2])


def minutes_in_table(text, lesson):
    """The second column of a lesson's row in a map of the course."""
    [row] = re.findall(rf"^\| \W*{lesson} [^|]*\| (\d+) \|", text, re.MULTILINE)
    return int(row)


@each_lesson
def test_the_stated_minutes_are_the_counted_ones(lesson):
    total, waiting = stated(LESSONS[lesson].cells[0].source)
    counted = minutes(lesson)
    assert abs(total - counted) <= MINUTES_APART * counted, f"{lesson}: {counted:.0f} are counted"
    if WAITING[lesson] >= 1:
        assert abs(waiting - WAITING[lesson]) <= 1
    else:
        assert waiting is None


@each_lesson
def test_both_maps_state_the_same_minutes_as_the_lesson(lesson):
    total, _ = stated(LESSONS[lesson].cells[0].source)
    readme = (lesson_tools.ROOT / "README.md").read_text(encoding="utf-8")
    for text in (markdown_of(LESSONS["00"]), readme):
        assert minutes_in_table(text, lesson) == total


def test_minutes_are_found_where_they_are_stated():
    assert stated("# 08\n\n*65 minutes with the exercises, about 7 of them waiting on* …") == (
        65,
        7,
    )
    assert stated("*35 minutes with the exercises* · **You will**") == (35, None)
    assert minutes_in_table("| lesson | minutes |\n| **00 Start** | 35 | play |", "00") == 35
    assert minutes_in_table("| [06 Judging](06.ipynb) | 75 | see |", "06") == 75


# The shape of the cells


def asserts(notebook):
    """How many asserts stand in a lesson's own code cells."""
    cells = lesson_tools.code_cells(notebook)[1:]
    trees = [ast.parse(cell.source) for cell in cells]
    return sum(isinstance(node, ast.Assert) for tree in trees for node in ast.walk(tree))


def code_after_code(notebook):
    """How many of the code cells follow another one, as a share."""
    kinds = [cell.cell_type for cell in notebook.cells]
    pairs = list(zip(kinds, kinds[1:], strict=False))
    return pairs.count(("code", "code")) / kinds.count("code")


@each_lesson
def test_cells_are_small(lesson):
    lengths = sorted(map(len, own_code(LESSONS[lesson])))
    assert statistics.median(lengths) <= CELL_LINES
    if lesson == "05":  # the whole loop, in one cell
        assert lengths.pop() <= LARGEST_LOOP
    assert lengths[-1] <= LARGEST_CELL


@each_lesson
def test_words_lead_and_code_follows(lesson):
    notebook = LESSONS[lesson]
    lines = sum(map(len, own_code(notebook)))
    assert len(words(markdown_of(notebook))) >= WORDS_A_CODE_LINE * lines
    assert code_after_code(notebook) <= CODE_AFTER_CODE


@each_lesson
def test_a_lesson_asserts_little(lesson):
    """An assert in a lesson tells a learner something; the rest of the checking is in `tests`."""
    assert asserts(LESSONS[lesson]) <= ASSERTS


def test_a_notebook_of_bad_shape_is_found():
    first, second, third = (nbformat.v4.new_code_cell("assert True\n\nassert 1") for _ in range(3))
    text = nbformat.v4.new_markdown_cell("Words.")
    notebook = nbformat.v4.new_notebook(cells=[first, second, text, third])
    assert asserts(notebook) == 4  # those of the first cell are not the lesson's own
    assert code_after_code(notebook) == 1 / 3
    assert own_code(notebook) == [["assert True", "assert 1"]] * 2


# The glossary


def entries():
    """(word, what it means, lesson's file, heading) of each entry of the glossary."""
    return ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))


def other_words():
    """(word, the course's own word for it) of each line below the entries."""
    return OTHER_WORD.findall(GLOSSARY.read_text(encoding="utf-8"))


def headings(notebook):
    """A lesson's headings as JupyterLab makes anchors of them: blanks become hyphens."""
    found = re.findall(r"^#+ (.+)$", without_code(markdown_of(notebook)), re.MULTILINE)
    return {re.sub(r"[*`]", "", heading).strip().replace(" ", "-") for heading in found}


def explained(notebook):
    """The words that a lesson explains: of one to three parts, and bold where they stand first."""
    text = without_code(markdown_of(notebook))
    found = re.findall(r"\*\*([A-Za-z][^*\n]*[A-Za-z])\*\*", text)
    return [word for word in found if len(word.split()) <= 3 and word.lower() not in STRESSED]


def same_word(one, other):
    """Whether two words are one, in capitals or not, one thing or many of it."""
    one, other = (word.lower().replace("-", " ") for word in (one, other))
    return one.rstrip("s") == other.rstrip("s")


def test_the_glossary_is_in_order_and_has_no_entry_twice():
    listed = [word for word, *_ in entries()]
    others, here = zip(*other_words(), strict=True)
    lines = GLOSSARY.read_text(encoding="utf-8").count("\n- ")
    assert len(listed) + len(others) == lines  # all have one of the two forms
    assert listed == sorted(set(listed), key=str.lower)
    assert list(others) == sorted(others, key=str.lower)
    assert not {*listed} & {*others} and {*here} <= {*listed}
    for _, meaning, *_ in entries():
        assert 1 <= len(sentences(meaning)) <= 3 and not long_sentences(meaning), meaning
    assert grade("\n\n".join(meaning for _, meaning, *_ in entries())) <= SCHOOL_YEARS


def test_each_entry_leads_to_a_heading_of_a_lesson_that_has_the_word():
    for word, _, file, heading in entries():
        notebook = LESSONS[file[:2]]
        assert (lesson_tools.NOTEBOOKS / file).exists(), file
        assert heading in headings(notebook), f"{word}: {file} has no heading {heading}"
        assert word.lower().rstrip("s") in markdown_of(notebook).lower(), f"{word}: not in {file}"


@each_lesson
def test_each_word_that_a_lesson_explains_is_in_the_glossary(lesson):
    listed = [word for word, *_ in (*entries(), *other_words())]
    missing = {
        word
        for word in explained(LESSONS[lesson])
        if not any(same_word(word, entry) for entry in listed)
    }
    assert not missing, f"Write them in {GLOSSARY.name}, or in STRESSED here: {sorted(missing)}"


def test_the_map_leads_to_the_glossary():
    assert f"]({GLOSSARY.name})" in markdown_of(LESSONS["00"])


def test_a_word_in_bold_is_found_and_a_question_in_bold_is_not():
    text = "A **fake** is drawn. **What do you see?** Answer **b**. **Exercise 1.** **Batch size**."
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    assert explained(notebook) == ["fake", "Batch size"]
    assert same_word("Fakes", "fake") and same_word("held-out", "held out")
    assert not same_word("fake", "face")


def print_counts(told):
    """The counts of every lesson as a table; below it the long sentences of those told."""
    names = "words lines cells median largest asserts exercises code,code words/line"
    print("    " + names + " | long  grade | waiting minutes stated")
    for lesson, notebook in LESSONS.items():
        text, cells = markdown_of(notebook), own_code(notebook)
        lengths = [len(cell) for cell in cells]
        total, waiting = stated(notebook.cells[0].source)
        print(
            f"{lesson} {len(words(text)):6}{sum(lengths):6}{len(cells):6}"
            f"{statistics.median(lengths):7g}{max(lengths):8}{asserts(notebook):8}"
            f"{exercises(notebook):10}{code_after_code(notebook):10.2f}"
            f"{len(words(text)) / sum(lengths):11.1f} |{long_share(text):5.1%}{grade(text):7.1f} |"
            f"{WAITING[lesson]:8}{minutes(lesson):8.0f}   {total} ({waiting or 0} waiting)"
        )
    for lesson in told:
        for sentence in sorted(long_sentences(markdown_of(LESSONS[lesson])), key=len, reverse=True):
            print(f"{lesson}, {len(sentence)} words: {' '.join(sentence)}")


if __name__ == "__main__":
    print_counts(sys.argv[1:])
