"""The recorded trainings with larger batches, as lesson 09 shows and reads them."""

import pytest

from helpers.classroom import batches_table, recorded_batches

RECORD = recorded_batches()


def each(batch, name):
    return [row[name] for row in RECORD["answers"][batch]]


def test_each_training_saw_as_many_pictures_and_each_batch_has_three_seeds():
    for name, rows in RECORD["answers"].items():
        assert [row["seed"] for row in rows] == [0, 1, 2], name
        assert {row["steps"] * int(name.split(",")[0]) for row in rows} == {RECORD["seen"]}


def test_the_table_has_all_numbers_in_the_order_of_the_seeds():
    lines = batches_table(RECORD).splitlines()
    assert "15,360 pictures; seeds 0, 1, 2, in this order" in lines[0]
    [line] = [line for line in lines if line.startswith("64 ")]
    assert " ".join(f"{number:.2f}" for number in each("64", "coverage")) in line
    assert len({len(line) for line in lines[2:-1]}) == 1


def test_what_the_lesson_says_of_it_is_in_it():
    """Higher rates cost coverage, in each seed; at the old ones 64 covers as much, but for luck."""
    higher = "64, rates x 4"
    assert max(each(higher, "coverage")) < min(each("64", "coverage")) / 2
    assert max(each("64", "coverage")) > min(each("16", "coverage"))
    assert max(each("16", "coverage")) > min(each("64", "coverage"))
    assert min(each("64", "distance")) > max(each("16", "distance"))
    assert max(each(higher, "distance")) < min(each("64", "distance"))  # one number alone: fooled


def test_where_nothing_was_kept_a_sentence_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="No trainings with larger batches were kept as"):
        recorded_batches(tmp_path)
