"""What the drawing widgets compute and say is what the lessons' widgets do."""

import dataclasses
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from helpers.classroom.widgets import SpotTheFake, blend
from helpers.faces import load_faces
from tests.website.node import answers
from website.generators import GENERATORS, UNTRAINED, painted_faces, scripts_of
from website.weights import layers_of, weight_script


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5), (0.2, 0.9)])
def test_a_walk_goes_through_the_same_latents_as_in_a_lesson(place):
    corners = np.random.default_rng(0).standard_normal((4, 100)).astype("float32")
    question = "Array.from(course.blend(given.corners, ...given.place))"
    theirs = answers(["drawing.js"], question, {"corners": corners.tolist(), "place": place})
    np.testing.assert_allclose(theirs, blend(corners, *place), atol=1e-6)


@pytest.mark.parametrize("rounds", [1, 4, 10])
def test_a_score_means_what_it_means_in_lesson_06(rounds):
    game = SpotTheFake(np.zeros((rounds, 2, 2, 3)), np.ones((rounds, 2, 2, 3)), rounds)
    other = {"A": "B", "B": "A"}
    question = "given.map((found) => course.meaningOfScore(found, given.length - 1))"
    theirs = answers(["spot_the_fake.js"], question, list(range(rounds + 1)))
    for found, page in enumerate(theirs):
        solution = game.solution
        told = solution[:found] + "".join(other[letter] for letter in solution[found:])
        ours = game.verdict(told).split("found. ")[1]
        number = r"\d+\.\d"  # half of its last digit is rounded up in a page, to even in Python
        assert re.sub(number, "#", page) == re.sub(number, "#", ours)
        [one], [another] = re.findall(number, page), re.findall(number, ours)
        assert abs(float(one) - float(another)) < 0.11


def test_a_slider_that_is_moved_quickly_leaves_no_queue():
    done = answers(
        ["faces.js"],
        """(async () => {
          const done = [];
          const work = course.newestOnly(async (wish) => {
            await null;
            if (wish === "bad") throw new Error("It fails.");
            done.push(wish);
          });
          await Promise.all([work(1), work(2), work(3)]);
          await work("bad").catch((error) => done.push(error.message));
          await work(4);
          return done;
        })()""",
    )
    assert done == [1, 3, "It fails.", 4]


def test_painted_faces_keep_every_pixel():
    """No trace of a file format tells in the game what a net drew and what not."""
    content, told = painted_faces(GENERATORS, 16)
    faces = load_faces("drawn", told["side"]).images
    assert told["count"] == 16
    with Image.open(io.BytesIO(content)) as sheet:
        pixels = np.asarray(sheet.convert("RGB"))
    for number in range(told["count"]):
        row, column = divmod(number, told["columns"])
        side = told["side"]
        found = pixels[row * side : (row + 1) * side, column * side : (column + 1) * side]
        np.testing.assert_array_equal(found, np.uint8(np.round(faces[number] * 255)))


WORKER = """(async () => {
  let hear, answered;
  globalThis.addEventListener = (kind, work) => { hear = work; };
  globalThis.postMessage = (answer) => answered(answer);
  course.workAsDrawer(course.makeGenerator, course.makeWeights, course.makeChance);
  const told = [];
  for (const [number, message] of given.entries()) {
    const answer = new Promise((resolve) => { answered = resolve; });
    hear({ data: { number, ...message } });
    told.push(await answer);
  }
  return told.map(({ number, answer, trouble }) =>
    [number, trouble ?? (answer.pictures ?? []).map((picture) => Array.from(picture))]);
})()"""


def test_the_worker_draws_with_the_weights_it_was_told_and_says_what_is_wrong():
    """Each answer has its question's number; an error becomes a sentence, and the work goes on."""
    from helpers.nets.compact import build_generator

    net = build_generator(width=0.25, size=50)
    text = weight_script("it", net.get_weights()).decode("utf-16")
    told = json.loads(text[text.index("{") : text.rindex("}") + 1])
    other = {"sha256": "0" * 64}
    layers, seed = layers_of(net), UNTRAINED["seed"]
    bright = [np.full_like(array, 0.5) for array in net.get_weights()]  # nearly white
    text = weight_script("it", bright).decode("utf-16")
    white = json.loads(text[text.index("{") : text.rindex("}") + 1])
    latents = [[1.0] * 100]
    messages = [
        {"task": "load", "name": "damaged", "layers": layers, "told": told | other},
        {"task": "load", "name": "white", "layers": layers, "told": white},
        {"task": "load", "name": "untrained", "layers": layers, "seed": seed},
        {"task": "draw", "name": "white", "latents": latents},
        {"task": "draw", "name": "untrained", "latents": latents * 2},
    ]
    scripts = ["generator.js", "weights.js", "chance.js", "drawing.js"]
    found = dict(answers(scripts, WORKER, messages))
    assert "damaged" in found[0] and found[1] == found[2] == []
    assert min(found[3][0]) > 250
    assert len(found[4]) == 2 and 100 < found[4][0][0] < 155


def test_a_moment_at_which_no_generator_was_kept_is_named():
    generator = dataclasses.replace(GENERATORS[0], seconds=(15, 77))
    with pytest.raises(ValueError, match=r"photographs_100 was not kept after 77 seconds"):
        scripts_of(generator)
