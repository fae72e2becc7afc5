"""Things to play with in a lesson: a walk between four faces, faces that grow, "spot the fake".

What a widget does is in plain functions and a plain class; each has a still form, for readers and
for places without widgets. Importing this module imports no TensorFlow.
"""

from math import comb

import numpy as np

from helpers.classroom.html_pictures import as_figure, as_html, as_jpeg
from helpers.classroom.sheets import labelled_sheet
from helpers.images import as_png

SHOWN_PIXELS = 200  # the side of a picture in a widget
WIDGET = "application/vnd.jupyter.widget-view+json"  # what a notebook calls a widget's output


class Interactive:
    """A widget, and the HTML that stands in its place where no widget can be: on GitHub, on paper.

    A notebook gets both and shows the widget. In a stored lesson only the still form is kept
    (`tests/lesson_tools.py`): without its kernel a widget would be an error message.
    """

    def __init__(self, widget, still):
        self.widget = widget
        self.still = still

    def _repr_mimebundle_(self, include=None, exclude=None):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        return {WIDGET: view, "text/html": self.still, "text/plain": "Run this cell to play."}


def blend(corners, across, down):
    """A latent between four: (100,), from `corners` (4, 100), `across` and `down` in [0, 1].

    The corners are upper left, upper right, lower left, lower right. A mean of latents lies nearer
    to the middle than the latents that a generator has learned from, so it is stretched until its
    numbers spread as theirs do.
    """
    parts = np.array(
        [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down]
    )
    return (parts @ corners / np.sqrt((parts**2).sum())).astype("float32")


def blend_grid(corners, rows=5, columns=8):
    """The whole square between four latents: float32 (rows * columns, 100), row by row."""
    return np.stack(
        [
            blend(corners, across, down)
            for down in np.linspace(0, 1, rows)
            for across in np.linspace(0, 1, columns)
        ]
    )


def walk(draw, corners):
    """Two sliders that lead through the square between four latents, with the face that is there.

    `draw` turns latents (n, 100) into pictures (n, height, width, 3) in [0, 1]. Returns an
    `Interactive`; its still form is the square's middle.
    """
    import ipywidgets

    def face(across, down):
        picture = as_png(draw(blend(corners, across, down)[None])[0])
        alt = f"The picture at {across:.2f} across and {down:.2f} down."
        return as_html(picture, alt, SHOWN_PIXELS)

    picture = ipywidgets.HTML()
    sliders = [
        ipywidgets.FloatSlider(0.0, min=0.0, max=1.0, step=0.05, description=name)
        for name in ("across", "down")
    ]

    def show(change=None):
        picture.value = face(*[slider.value for slider in sliders])

    for slider in sliders:
        slider.observe(show, "value")
    show()
    return Interactive(
        ipywidgets.HBox([picture, ipywidgets.VBox(sliders)]),
        as_figure(
            face(0.5, 0.5),
            "The middle of the square. Run this cell to walk with two sliders.",
            below=True,
        ),
    )


def grow(moments, captions, columns=8):
    """A slider that leads through the moments of a training, with what was drawn at each.

    `moments`: pictures (moments, n, height, width, 3) in [0, 1], from the same latents at each
    moment; `captions`: a few words for each. Returns an `Interactive`; its still form is the last
    moment's sheet.
    """
    import ipywidgets

    sheets = [labelled_sheet(pictures, columns) for pictures in moments]

    def page(moment, as_file=as_png):
        alt = f"What the generator draws at this moment of its training: {captions[moment]}."
        return as_html(as_file(sheets[moment]), alt)

    pages = [page(moment) for moment in range(len(captions))]
    still = page(-1, as_jpeg)  # it is stored in the lesson, so it should be small
    picture = ipywidgets.HTML()
    slider = ipywidgets.SelectionSlider(
        options=[(caption, moment) for moment, caption in enumerate(captions)],
        value=0,
        description="training",
    )

    def show(change=None):
        picture.value = pages[slider.value]

    slider.observe(show, "value")
    show()
    return Interactive(
        ipywidgets.VBox([slider, picture]),
        as_figure(
            still, f"{captions[-1]}. Run this cell to move through the training.", below=True
        ),
    )


class SpotTheFake:
    """Pairs of one photograph and one fake: which is the fake? The score is a measure, too.

    `photographs`, `fakes`: (n, height, width, 3) in [0, 1], at least `rounds` of each. `pairs`:
    (rounds, 2, …), A and B; `solution`: a word of A and B, a letter a round: which is the fake.
    """

    def __init__(self, photographs, fakes, rounds=10, seed=0):
        if min(len(photographs), len(fakes)) < rounds:
            raise ValueError(
                f"{rounds} rounds need {rounds} photographs and {rounds} fakes, but there are "
                f"{len(photographs)} and {len(fakes)}."
            )
        random = np.random.default_rng(seed)
        chosen = [
            pictures[random.choice(len(pictures), rounds, replace=False)]
            for pictures in (fakes, photographs)
        ]
        place_of_the_fake = random.integers(0, 2, (rounds, 1, 1, 1))
        both = [np.where(place_of_the_fake == place, *chosen) for place in (0, 1)]
        self.pairs = np.stack(both, axis=1)
        self.solution = "".join("AB"[place] for place in place_of_the_fake.flat)

    def verdict(self, answers):
        """What the answers say, as a sentence: a word of A and B, one letter a round."""
        letters = answers.upper().replace(" ", "")
        if len(letters) != len(self.solution) or set(letters) - set("AB"):
            raise ValueError(
                f"{answers!r} is no answer: {len(self.solution)} letters are needed, each A or B."
            )
        found = sum(a == b for a, b in zip(letters, self.solution, strict=True))
        return f"{found} of {len(letters)} fakes found. {_meaning(found, len(letters))}"

    def play(self):
        """The game with buttons, A on the left: an `Interactive`.

        Its still form is the first pair; a sheet of all pairs and `verdict` make a game, too.
        """
        import ipywidgets

        given = []
        told = ipywidgets.HTML()
        buttons = []
        for letter in "AB":
            button = ipywidgets.Button(description=f"{letter} is the fake")
            button.answer = letter
            buttons.append(button)
        pictures = [ipywidgets.HTML() for _ in "AB"]

        def show():
            if len(given) == len(self.solution):
                told.value = self.verdict("".join(given))
                for button in buttons:
                    button.disabled = True
                return
            told.value = f"Pair {len(given) + 1} of {len(self.solution)}"
            for picture, page in zip(pictures, self._pages(len(given)), strict=True):
                picture.value = page

        def answer(button):
            given.append(button.answer)
            show()

        for button in buttons:
            button.on_click(answer)
        show()
        return Interactive(
            ipywidgets.VBox([told, ipywidgets.HBox(pictures), ipywidgets.HBox(buttons)]),
            as_figure(
                " ".join(self._pages(0)),
                "A and B of the first pair. Run this cell to play.",
                below=True,
            ),
        )

    def _pages(self, pair):
        """Both pictures of a pair; their alt texts must not tell which is the fake."""
        return [
            as_html(as_png(pixels), f"Picture {letter} of pair {pair + 1}.", SHOWN_PIXELS)
            for letter, pixels in zip("AB", self.pairs[pair], strict=True)
        ]


def _meaning(found, rounds):
    """Whether so many could be luck: how often a coin does as well, or as badly."""
    chances = [comb(rounds, hits) / 2**rounds for hits in range(rounds + 1)]
    at_least, at_most = sum(chances[found:]), sum(chances[: found + 1])
    if at_most <= 0.1:
        return (
            f"So few come by luck in {at_most:.1%} of all games: you see a difference. Did you "
            "mark the real ones?"
        )
    verdict = "nobody can say whether it was luck" if at_least > 0.1 else "you can tell them apart"
    return f"A coin does as well in {at_least:.1%} of all games: {verdict}."
