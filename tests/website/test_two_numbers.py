"""The game in the page is lesson 00's game, and its words are true of what the numbers do."""

import ast
import re

import nbformat
import numpy as np
import pytest

from tests.lesson_tools import NOTEBOOKS, ROOT
from tests.website.node import answers

GAME = ["chance.js", "two_numbers_game.js"]
LISTED = "[...Array(10).keys()]"  # the seeds
WORDS = "course.twoNumbers.whatHappened"


def lessons_game():
    """The functions and first values of lesson 00's game, out of its notebook's cells."""
    lesson = nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4)
    wanted = {
        "draw_real", "draw_fakes", "untrained", "features", "suspicion", "clueless",
        "inspector_learns", "forger_learns", "inspector_loss", "play",
    }  # fmt: skip
    game = {"np": np}
    for cell in lesson.cells:
        if cell.cell_type != "code" or "google.colab" in cell.source:
            continue
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef):
                names = {node.name}
            elif isinstance(node, ast.Assign):
                names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            else:
                continue
            if names & wanted and not names & set(game):
                exec(ast.unparse(node), game)
    assert wanted <= set(game), f"Lesson 00 no longer has {wanted - set(game)}."
    return game


@pytest.mark.parametrize("sees", [(1, 1, 1), (1, 1, 0)])
@pytest.mark.parametrize("seed", [0, 7])
def test_the_page_plays_the_lessons_game(sees, seed):
    turns = 400
    noise = np.random.default_rng(seed).standard_normal(200 * (3 * turns + 2))
    theirs = answers(
        GAME,
        """(() => {
          const { play, LESSON } = course.twoNumbers;
          let used = 0;
          const take = (count) => given.noise.slice(used, (used += count));
          const game = play(given.turns, { ...LESSON, sees: given.sees }, { standardNormal: take });
          return game.diary.map((row) => [row.mean, row.spread, row.inspectorLoss]);
        })()""",
        {"noise": noise.tolist(), "turns": turns, "sees": sees},
    )
    ours = lessons_game()["play"](turns + 1, sees=sees, seed=seed)
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-9)


def test_the_inspectors_scores_are_the_lessons():
    game = lessons_game()
    inspector, distances = [0.3, -0.8, -0.2], [5.0, 49.5, 60.0, 63.0, 5000.0]
    theirs = answers(
        GAME,
        "given.distances.map((one) => course.twoNumbers.suspicion(given.inspector, one))",
        {"inspector": inspector, "distances": distances},
    )
    with np.errstate(over="ignore"):
        ours = game["suspicion"](np.array(inspector), np.array(distances))
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12)


def test_the_forger_goes_down_its_own_loss():
    """The loss that the page shows for the forger is the one whose slope the lesson follows."""
    moved, slopes = answers(
        GAME,
        """(() => {
          const { forgerLearns, forgerLoss, drawFakes, LESSON } = course.twoNumbers;
          const noise = course.makeChance(3).standardNormal(200);
          const [forger, inspector] = [{ mean: 58, spread: 4 }, [0.4, -0.9, -0.3]];
          const loss = (mean, spread) => forgerLoss(inspector, drawFakes({ mean, spread }, noise));
          const next = forgerLearns(forger, noise, inspector, LESSON);
          const rises = [loss(58.001, 4) - loss(57.999, 4), loss(58, 4.001) - loss(58, 3.999)];
          return [[next.mean - 58, next.spread - 4], rises.map((rise) => rise / 0.002)];
        })()""",
    )
    steps_per_mm = 1 / 5  # of the inspector's ruler, in which the lesson's slope is
    np.testing.assert_allclose(moved, [-0.25 * slope / steps_per_mm for slope in slopes], rtol=1e-5)


def test_random_numbers_are_normal_and_a_seed_brings_them_back():
    first, again, other = answers(
        GAME, "[1, 1, 2].map((seed) => course.makeChance(seed).standardNormal(20000))"
    )
    assert first == again and first != other
    assert abs(np.mean(first)) < 0.03 and abs(np.std(first) - 1) < 0.03
    assert abs(np.mean(np.abs(first) < 1) - 0.683) < 0.015  # two thirds within one spread
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 0.03
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.03


@pytest.fixture(scope="module")
def games():
    """For each game with a name: its diary's last row, its kind and its words, for ten seeds."""
    return answers(
        GAME,
        f"""Object.fromEntries(Object.entries(course.twoNumbers.GAMES).map(([name, game]) => [
          name,
          {LISTED}.map((seed) => {{
            const {{ play }} = course.twoNumbers;
            const {{ diary }} = play(game.until, game.settings, course.makeChance(seed));
            return {{ ...diary[game.until], ...{WORDS}(diary), skipped: diary[game.skip] }};
          }}),
        ]))""",
    )


def test_the_collapse_collapses_at_the_right_place(games):
    for end in games["collapse"]:
        assert end["kind"] == "collapsed" and "mode collapse" in end["text"], end
        assert abs(end["mean"] - 63) < 1 and end["spread"] < 1.5, end


def test_the_cure_begins_at_the_collapse_and_cures_it(games):
    for begin, end in zip(games["collapse"], games["cure"], strict=True):
        assert (
            end["skipped"]["spread"] == begin["spread"] and end["skipped"]["mean"] == begin["mean"]
        )
        assert end["kind"] == "right" and "is cured" in end["text"], end
        assert abs(end["mean"] - 63) < 0.5 and abs(end["spread"] - 3.5) < 0.3, end


def test_the_lessons_game_ends_as_the_lesson_does(games):
    for end in games["lesson"]:
        assert end["kind"] == "right", end
        assert abs(end["mean"] - 63) < 0.5 and abs(end["spread"] - 3.5) < 0.3, end
        assert abs(end["inspectorLoss"] - np.log(2)) < 0.01, end


def test_a_blind_inspector_gets_the_mean_right_only(games):
    for end in games["blind"]:
        assert abs(end["mean"] - 63) < 0.5 and end["spread"] < 2.2, end
        assert "The mean is right" in end["text"] and " alike" in end["text"], end


def test_in_circles_nobody_comes_to_rest(games):
    for end in games["circles"]:
        assert end["kind"] == "restless", end


def ends_after(name, change):
    """The kind and the last row where game `name` goes on for 400 turns with other settings."""
    return answers(
        GAME,
        f"""{LISTED}.map((seed) => {{
          const {{ GAMES, play, takeTurn }} = course.twoNumbers;
          const {{ settings, until }} = GAMES[given.name];
          const game = play(until, settings, course.makeChance(seed));
          const changed = {{ ...settings, ...given.change }};
          for (let turn = 0; turn < 400; turn += 1) takeTurn(game, changed);
          return {{ ...game.diary[until + 400], ...{WORDS}(game.diary) }};
        }})""",
        {"name": name, "change": change},
    )


def test_a_blind_game_comes_right_when_the_square_is_seen_again():
    assert {end["kind"] for end in ends_after("blind", {"sees": [1, 1, 1]})} == {"right"}


def test_memory_brings_a_game_in_circles_to_rest():
    assert {end["kind"] for end in ends_after("circles", {})} == {"restless"}
    for end in ends_after("circles", {"memory": 0.98}):
        assert "The mean is right" in end["text"], end


def test_both_rates_at_their_ends_lose_the_forger():
    lost = answers(
        GAME,
        f"""{LISTED}.map((seed) => {{
          const {{ play, LESSON, isLost }} = course.twoNumbers;
          const settings = {{ ...LESSON, inspectorRate: 5, forgerRate: 5 }};
          return isLost(play(5, settings, course.makeChance(seed)).forger);
        }})""",
    )
    assert all(lost)


def diary(*rows):
    """A diary with these (mean, spread), a row a turn."""
    return [{"mean": mean, "spread": spread} for mean, spread in rows]


SWINGING = [(63 + 2 * np.sin(turn / 10), 3.0) for turn in range(250)]


CASES = [
    ([(50, 5)], "start", "Turn 0: the fakes lie at 50.0 ± 5.0 mm. Nobody has learned"),
    ([(50, 5), (50.6, 4.7)], "underway", "mean is 12.4 mm too low, and the fakes differ"),
    ([(50, 5), (53, 3.5)], "underway", "The mean is 10.0 mm too low, the spread is right."),
    ([(50, 5), (66, 2.5)], "underway", "3.0 mm too high, and the fakes are too much alike."),
    ([(50, 5), (62.9, 1.2)], "collapsed", "The mean is right, and all fakes are nearly alike"),
    ([(50, 5), (58, 1.2)], "collapsed", "5.0 mm too low, and all fakes are nearly alike"),
    ([(50, 5), (63, 3.4)], "right", "Turn 1: the fakes lie at 63.0 ± 3.4 mm. Both numbers"),
    (
        [(50, 5), (62.9, 1.2), (63, 3.4)],
        "right",
        "the collapse of turn 1 (62.9 ± 1.2 mm) is cured.",
    ),
    ([(50, 5), (90, 5)], "away", "The forger has run away from the real ones."),
    ([(50, 5), (-1e14, 5)], "away", "-1e+14"),
    ([(50, 5), (None, None)], "away", "too large to be written down"),
    (SWINGING, "restless", "in the last 200 turns the mean went past the real one 6 times"),
]


@pytest.fixture(scope="module")
def sentences():
    """What is said of each case; a number that JSON doesn't know becomes NaN again."""
    number = "({ mean: row.mean ?? NaN, spread: row.spread ?? NaN })"
    question = f"given.map((diary) => {WORDS}(diary.map((row) => {number})))"
    return answers(GAME, question, [diary(*rows) for rows, _, _ in CASES])


@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_sentence_says_what_has_happened(case, sentences):
    _, kind, words = CASES[case]
    assert sentences[case]["kind"] == kind and words in sentences[case]["text"], sentences[case]


def test_the_reason_foretells_where_the_forger_goes():
    """“All move up”, “narrower”, “apart”: true of the next step, in games of all kinds."""
    told = answers(
        GAME,
        """[0, 1, 2].flatMap((seed) => Object.values(course.twoNumbers.GAMES).flatMap((game) => {
          const { newGame, takeTurn, whyItMoves, forgerLearns } = course.twoNumbers;
          const [playing, found] = [newGame(course.makeChance(seed)), []];
          const noise = course.makeChance(1000 + seed).standardNormal(2000);
          for (let turn = 0; turn < 200; turn += 1) {
            const before = playing.forger;
            const after = forgerLearns(before, noise, playing.inspector, game.settings);
            const spread = Math.abs(after.spread) - Math.abs(before.spread);
            found.push([whyItMoves(playing), after.mean - before.mean, spread]);
            takeTurn(playing, game.settings);
          }
          return found;
        }))""",
    )
    ways = {"move up": (0, 1), "move down": (0, -1), "wider": (1, 1), "narrower": (1, -1)}
    ways |= {"move apart": (1, 1), "move together": (1, -1)}
    for words, (which, sign) in ways.items():
        moves = [sign * move[which] for text, *move in told if words in text]
        assert len(moves) > 20 or words == "move together", f"“{words}” is said {len(moves)} times"
        assert len(moves) > 10, f"“{words}” is said {len(moves)} times only"
        wrong = np.mean(np.array(moves) <= 0)
        assert wrong < 0.03, f"“{words}” is wrong in {wrong:.0%} of {len(moves)} turns"


def test_the_page_names_the_constants_of_the_game():
    page = (ROOT / "website" / "pages" / "two_numbers.md").read_text(encoding="utf-8")
    real, start, batch = answers(
        GAME, "[course.twoNumbers.REAL, course.twoNumbers.UNTRAINED, course.twoNumbers.BATCH]"
    )
    assert f"{real['mean']} ± {real['spread']} mm" in page
    assert f"{start['mean']} ± {start['spread']} mm" in page
    assert f"{batch} fakes and {batch} real" in page


def test_a_hint_speaks_of_what_the_page_has():
    """Buttons and boxes are named in hints and in the page's text as they are on the page."""
    widget = (ROOT / "website" / "scripts" / "two_numbers.js").read_text(encoding="utf-8")
    page = (ROOT / "website" / "pages" / "two_numbers.md").read_text(encoding="utf-8")
    names = set(re.findall(r"“([^”]+)”", widget.split("class Widget")[0]))
    names |= {name for name in re.findall(r'"([A-Z][^"]+)"', page) if name != "two-numbers"}
    assert len(names) >= 5
    for name in names:
        assert f'"{name}' in widget, f"The page has no “{name}”."
