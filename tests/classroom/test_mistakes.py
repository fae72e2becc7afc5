"""One mistake at a time: what was kept is read again, and what was committed is whole."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.classroom import mistakes
from helpers.classroom.mistakes import RecordedMistakes, keep_mistakes
from helpers.training import ONE_MISTAKE_AT_A_TIME

NAMES = ("as printed", "tuned")


def record_of(albums):
    """A record of two mistakes and two seeds: every number tells which run it belongs to."""
    kept, sheets = {}, {}
    for a, (album, steps) in enumerate(albums.items()):
        runs = [
            {
                "mistake": name,
                "seed": seed,
                "judgements": [
                    {
                        "step": step,
                        "face_rate": 0.1 * m + 0.01 * seed,
                        "face_rate_of_the_last_step": 0.0,
                        "distance": step / 1000 + a,
                    }
                    for step in steps
                ],
                "discriminator_loss": np.linspace(-1, 1, max(steps)),
                "generator_loss": np.linspace(0, 123.456, max(steps)),
            }
            for m, name in enumerate(NAMES)
            for seed in (0, 1)
        ]
        kept[album] = {
            "where": "here",
            "judged": 9,
            "real": {"face_rate": 1.0, "distance": 0.05},
            "runs": runs,
        }
        sheets[album] = [
            np.full((len(steps), 3, 50, 50, 3), (1 + a * 4 + place) / 10)
            for place in range(len(runs))
        ]
    return kept, sheets


@pytest.fixture
def kept(tmp_path):
    keep_mistakes(*record_of({"drawn": (3,), "lfw": (3, 5)}), folder=tmp_path)
    return tmp_path


def test_each_album_is_read_as_it_was_kept(kept):
    drawn, photographs = (RecordedMistakes(album, kept) for album in ("drawn", "lfw"))
    assert drawn.steps == [3] and photographs.steps == [3, 5]
    assert drawn.mistakes == photographs.mistakes == list(NAMES)
    [first, second] = photographs.of("tuned", 5)
    assert (first.seed, second.seed) == (0, 1)
    assert (second.face_rate, second.distance) == pytest.approx((0.11, 1.005))
    assert len(first.losses["generator_loss"]) == 5
    assert first.losses["generator_loss"][-1] == 123.0  # three digits are kept


def test_the_pictures_belong_to_their_runs(kept):
    for a, album in enumerate(("drawn", "lfw")):
        record = RecordedMistakes(album, kept)
        for step in record.steps:
            runs = [run for name in NAMES for run in record.of(name, step)]
            for place, run in enumerate(runs):
                assert run.pictures.shape == (3, 50, 50, 3)
                assert run.pictures.mean() == pytest.approx((1 + a * 4 + place) / 10, abs=0.01)


def test_the_table_has_a_line_for_each_mistake_and_the_real_pictures(kept):
    lines = RecordedMistakes("drawn", kept).table(3).splitlines()
    assert [line[:12].strip() for line in lines] == ["", "as printed", "tuned", "real picture"]
    assert "0.10 0.11" in lines[2] and "1.00" in lines[3]


def test_the_figures_are_shown_with_alt_texts_made_from_the_run(kept, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "helpers.classroom.plots.display", lambda page, raw: shown.append(page["text/html"])
    )
    record = RecordedMistakes("drawn", kept)
    record.show_pictures(3, "Pictures")
    record.show_scores(3, "Scores", mine={"tuned": (0.5, 0.3), "another": (0, 0)})
    assert "as printed, tuned" in shown[0] and "0.10 0.11" in shown[1]


def test_the_menu_turns_to_the_run_that_is_chosen(kept):
    menu = RecordedMistakes("drawn", kept).menu()
    choices, page = menu.widget.children
    assert "as printed, seed 0, step 3: face rate 0.00" in page.value
    assert page.value in menu.still
    for choice, value in zip(choices.children, ("tuned", 1), strict=True):
        choice.value = value
    assert "tuned, seed 1, step 3: face rate 0.11" in page.value
    assert "lowest is -1.00" in page.value and "highest 123.0" in page.value


def test_what_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="An album is one of drawn, lfw, not 'crowd'"):
        RecordedMistakes("crowd", tmp_path)
    with pytest.raises(FileNotFoundError, match="No mistakes were kept"):
        RecordedMistakes("drawn", tmp_path)
    keep_mistakes(*record_of({"drawn": (3,)}), folder=tmp_path)
    with pytest.raises(FileNotFoundError, match="holds no runs on photographs"):
        RecordedMistakes("lfw", tmp_path)


# ---- what was committed


@pytest.fixture(scope="module")
def committed():
    return SimpleNamespace(**{album: RecordedMistakes(album) for album in mistakes.ALBUM_WORDS})


def test_the_committed_record_holds_all_mistakes_with_three_seeds(committed):
    spine = ["as printed", "mended", "tuned"]
    for record, steps in ((committed.drawn, [300]), (committed.lfw, [300, 800])):
        assert record.mistakes == list(ONE_MISTAKE_AT_A_TIME) and record.steps == steps
        for mistake in record.mistakes:
            runs = record.of(mistake, 300)
            assert [run.seed for run in runs] == [0, 1, 2] and runs[0].pictures.shape[0] == 8
            lengths = {len(run.losses["generator_loss"]) for run in runs}
            assert lengths == {max(steps) if mistake in spine else 300}
    assert [name for name in committed.lfw.mistakes if committed.lfw.of(name, 800)] == spine


def each_seed(record, mistake, number, step=300):
    return [getattr(run, number) for run in record.of(mistake, step)]


def test_what_lesson_05_says_of_the_drawn_person_is_in_the_record(committed):
    """Of each seed; one of three mended runs fools the detector, and the distance tells it."""
    drawn = committed.drawn
    assert drawn.real["face_rate"] == 1.0 and drawn.real["distance"] < 0.01
    near = ["mended, and beta_1", "tuned"]
    for mistake in near:
        assert max(each_seed(drawn, mistake, "distance")) < 0.08
        assert min(each_seed(drawn, mistake, "face_rate")) > 0.9
    assert min(each_seed(drawn, "tuned", "face_rate")) >= 0.95
    for mistake in set(drawn.mistakes) - set(near):
        assert min(each_seed(drawn, mistake, "distance")) > 0.09
    for mistake in ("as printed", "noise inward alone", "one range alone", "shuffled alone"):
        assert max(each_seed(drawn, mistake, "face_rate")) < 0.3
    assert [rate > 0.25 for rate in each_seed(drawn, "mended", "face_rate")] == [False, False, True]


def test_what_lesson_05_says_of_the_photographs_is_in_the_record(committed):
    """Tuned is far ahead of as printed and mended, on each seed, after 300 and after 800 steps."""
    photographs = committed.lfw
    for step, rate, distance in ((300, 0.7, 0.06), (800, 0.85, 0.04)):
        assert min(each_seed(photographs, "tuned", "face_rate", step)) > rate
        assert max(each_seed(photographs, "tuned", "distance", step)) < distance
        for mistake in ("as printed", "mended"):
            assert max(each_seed(photographs, mistake, "face_rate", step)) < 0.3
            assert min(each_seed(photographs, mistake, "distance", step)) > 0.08
    for mistake in ("noise inward alone", "one range alone", "shuffled alone"):
        assert max(each_seed(photographs, mistake, "face_rate")) < 0.15
        assert min(each_seed(photographs, mistake, "distance")) > 0.1
    beta_1 = each_seed(photographs, "mended, and beta_1", "face_rate")
    assert max(each_seed(photographs, "mended, and equal rates", "face_rate")) < 0.05 < min(beta_1)
    tuned = each_seed(photographs, "tuned", "face_rate")
    assert all(more > less for more, less in zip(tuned, beta_1, strict=True))


def test_noise_inward_keeps_the_losses_in_range_and_nothing_else_does(committed):
    inward, outward = [], []
    for record in (committed.drawn, committed.lfw):
        for mistake in record.mistakes:
            is_outward = mistake in ("as printed", "one range alone", "shuffled alone")
            (outward if is_outward else inward).extend(record.of(mistake, 300))
    assert (len(outward), len(inward)) == (18, 30)
    for run in outward:
        assert min(run.losses["discriminator_loss"]) < 0 and max(run.losses["generator_loss"]) > 30
    for run in inward:
        assert min(run.losses["discriminator_loss"]) > 0 and max(run.losses["generator_loss"]) < 11
    assert max(max(run.losses["generator_loss"]) for run in outward) > 10_000


def test_beta_1_divides_the_distances(committed):
    """Every run with 0.5 is nearer to real pictures than every run with 0.9."""
    for record in (committed.drawn, committed.lfw):
        divided = {True: [], False: []}
        for mistake in record.mistakes:
            has_half = mistake in ("mended, and beta_1", "tuned")
            divided[has_half].extend(each_seed(record, mistake, "distance"))
        assert max(divided[True]) < min(divided[False])


def test_the_record_is_small():
    files = [mistakes.FOLDER / f"{mistakes.NAME}{end}" for end in (".json", ".webp")]
    assert sum(path.stat().st_size for path in files) < 1_500_000
    json.loads(files[0].read_text(encoding="utf-8"))
