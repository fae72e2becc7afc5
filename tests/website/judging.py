"""What the page's checker says to answers and guesses."""

from tests.website.node import answers as answers_of_node

SCRIPTS = ["parts.js", "typed_values.js", "answers.js", "questions.js", "guesses.js"]
SAID = """({
  answers: given.answers.map((each) => course.answers.judge(...each)),
  guesses: given.guesses.map((each) => course.guesses.verdict(...each)),
})"""


def judged(answers=(), guesses=()):
    """What the page's scripts say to all of these cases: {"answers": […], "guesses": […]}.

    `answers`: (exercise, typed, wrong tries); `guesses`: (prediction, guess).
    """
    return answers_of_node(SCRIPTS, SAID, {"answers": list(answers), "guesses": list(guesses)})
