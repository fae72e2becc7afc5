"""Things to play with in a lesson: a walk between four faces, faces that grow, "spot the fake".

What a widget does is in plain functions and a plain class; each has a still form, for readers and
for places without widgets. Importing this module imports no TensorFlow.
"""

from math import comb

import numpy as np

from helpers.images import as_png

SHOWN_PIXELS = 200  # the side of a picture in a widget


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

    `draw` turns latents (n, 100) into pictures (n, height, width, 3) in [0, 1]. Its still form is
    a sheet of `draw(blend_grid(corners))`.
    """
    import ipywidgets

    picture = ipywidgets.Image(format="png", width=SHOWN_PIXELS, height=SHOWN_PIXELS)
    sliders = [
        ipywidgets.FloatSlider(0.0, min=0.0, max=1.0, step=0.05, description=name)
        for name in ("across", "down")
    ]

    def show(change=None):
        latent = blend(corners, *[slider.value for slider in sliders])
        picture.value = as_png(draw(latent[None])[0])

    for slider in sliders:
        slider.observe(show, "value")
    show()
    return ipywidgets.HBox([picture, ipywidgets.VBox(sliders)])


def grow(sheets, captions):
    """A slider that leads through the moments of a training, with what was drawn at each.

    `sheets`: one picture (height, width, 3) in [0, 1] a moment, as `plots.contact_sheet` makes
    them; `captions`: a few words for each. Its still form is the sheets one below the other.
    """
    import ipywidgets

    files = [as_png(sheet) for sheet in sheets]
    picture = ipywidgets.Image(format="png", width=sheets[0].shape[1] * 2)
    slider = ipywidgets.SelectionSlider(
        options=[(caption, moment) for moment, caption in enumerate(captions)],
        value=0,
        description="training",
    )

    def show(change=None):
        picture.value = files[slider.value]

    slider.observe(show, "value")
    show()
    return ipywidgets.VBox([slider, picture])


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
            heap[random.choice(len(heap), rounds, replace=False)] for heap in (fakes, photographs)
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
        """The game with buttons, A on the left.

        Its still form: `plots.show_sheet` of the pairs, and `verdict`.
        """
        import ipywidgets

        given = []
        told = ipywidgets.HTML()
        buttons = []
        for letter in "AB":
            button = ipywidgets.Button(description=f"{letter} is the fake")
            button.answer = letter
            buttons.append(button)
        pictures = [
            ipywidgets.Image(format="png", width=SHOWN_PIXELS, height=SHOWN_PIXELS) for _ in "AB"
        ]

        def show():
            if len(given) == len(self.solution):
                told.value = self.verdict("".join(given))
                for button in buttons:
                    button.disabled = True
                return
            told.value = f"Pair {len(given) + 1} of {len(self.solution)}"
            for picture, pixels in zip(pictures, self.pairs[len(given)], strict=True):
                picture.value = as_png(pixels)

        def answer(button):
            given.append(button.answer)
            show()

        for button in buttons:
            button.on_click(answer)
        show()
        return ipywidgets.VBox([told, ipywidgets.HBox(pictures), ipywidgets.HBox(buttons)])


def _meaning(found, rounds):
    """Whether so many could be luck: how often a coin does as well."""
    luck = sum(comb(rounds, hits) for hits in range(found, rounds + 1)) / 2**rounds
    verdict = "nobody can say whether it was luck" if luck > 0.1 else "you can tell them apart"
    return f"A coin does as well in {luck:.1%} of all games: {verdict}."
