"""What is wrong with a training: a diagnosis, from its readings alone.

The limits are those that `benchmarks/clinic.py` chose on half of its trainings; its other half says
how far they can be trusted.
"""

import math
from dataclasses import dataclass

BEGINNING = 80  # steps, before which only what goes in says something
MANY_FACES = 0.75  # as a face rate; stripes and blotches have fooled the detector up to 0.67
MOSTLY_RIGHT = 0.8  # of photographs and of fakes: of a discriminator that wins
LIMITS = {
    "modes_apart": 0.179,  # above: what is drawn in use is not what is drawn in training
    "known_by": 1.38,  # above: the discriminator knows its photographs by heart
    "stronger": 2.5,  # moves of the discriminator, in the generator's; above: too strong
    "weaker": 0.33,  # below: too weak
    "wins": 2.55,  # the generator's loss; above, while the discriminator is right: it wins
}


@dataclass(frozen=True)
class Diagnosis:
    """What a training suffers from.

    `suspects`: names of `helpers.training.FAULTS`, the likelier one first; empty where nothing is
    wrong that this panel knows. `sentence`: what to say of it to people.
    """

    suspects: tuple
    sentence: str


def diagnose(readings, diverged=False):
    """The Diagnosis after these Readings, oldest first. `diverged`: a loss was no number."""
    now = readings[-1] if readings else None
    if diverged or _runs_away(now):
        return _run_away(now)
    for rule in (_what_goes_in, _what_happens_inside, _who_wins):
        if found := rule(now):
            return found
    return Diagnosis((), _how_it_goes(readings))


def _runs_away(now):
    losses = (now.discriminator_loss, now.generator_loss)
    return not all(map(math.isfinite, losses)) or max(map(abs, losses)) > 50


def _run_away(now):
    told = "A loss is no number any more"
    if now is not None:
        told = f"The losses run away ({now.discriminator_loss:.3g} and {now.generator_loss:.3g})"
        if now.largest_label > 1:
            return Diagnosis(
                ("labels above 1", "rates too large"),
                f"{told}: this training won't recover. A label is {now.largest_label:.2f}: no "
                "score is ever high enough for it. Begin again with noise that points inward.",
            )
    return Diagnosis(
        ("rates too large",),
        f"{told}: this training won't recover. Begin again with smaller learning rates.",
    )


def _what_goes_in(now):
    """Mistakes that one look at the next batches shows, however the pictures are."""
    if now.largest_label > 1 or now.smallest_label < 0:
        return Diagnosis(
            ("labels above 1",),
            f"The labels go from {now.smallest_label:.2f} to {now.largest_label:.2f}: outside "
            "[0, 1] no score is ever good enough. Let their noise point inward.",
        )
    if now.darkest > -0.5:
        return Diagnosis(
            ("two ranges",),
            f"The nets get no photograph darker than {now.darkest:.2f}, but a fake can go down to "
            "-1: the range alone betrays it. Turn the photographs to [-1, 1].",
        )
    if now.new_latents < 0.5:
        return Diagnosis(
            ("the same latents",),
            "Two steps get the same latents: the generator learns these few pictures, and nothing "
            "of all others. Draw new latents at each step.",
        )
    if now.from_the_album < 0.5:
        return Diagnosis(
            ("augmented photographs only",),
            f"Only {now.from_the_album:.0%} of the photographs that come next are in the album as "
            "they are: they are changed, and fakes are not. Change both alike, or none.",
        )
    return None


def _what_happens_inside(now):
    if now.discriminator_moves == 0 and now.step > 0:
        return Diagnosis(
            ("frozen discriminator",),
            "The discriminator's weights have not moved at all: it is frozen, and has nothing to "
            "teach. Look at its learning rate, and at what is trainable.",
        )
    if now.step < BEGINNING:  # running means have not settled, and nothing is known by heart
        return None
    if now.modes_apart > LIMITS["modes_apart"]:
        return Diagnosis(
            ("normalisation without statistics",),
            "In the mode of training the generator draws other pictures than in use (they differ "
            f"by {now.modes_apart:.2f}): its normalisation has no good statistics. Look at its "
            "momentum.",
        )
    if now.known_by is not None and now.known_by > LIMITS["known_by"]:
        return Diagnosis(
            ("too few photographs",),
            "The discriminator knows its photographs by heart: it is right on "
            f"{now.photographs_right:.0%} of them, but on {now.held_out_right:.0%} of those held "
            "out. More photographs help, or changed ones (augmented_share in the recipe).",
        )
    return None


def strength(now):
    """How far the discriminator moves in a step, as a multiple of how far the generator does."""
    return now.discriminator_moves / max(now.generator_moves, 1e-12)


def _who_wins(now):
    """One of the two nets is far ahead, or both learn the reverse."""
    if now.step < BEGINNING:
        return None
    found = None if now.face_rate > MANY_FACES else _without_faces(now)
    right = min(now.photographs_right, now.fakes_right)
    if found is None and right > MOSTLY_RIGHT and now.generator_loss > LIMITS["wins"]:
        return Diagnosis(
            ("too much momentum", "discriminator too strong"),
            f"The discriminator wins too easily: it is right on {right:.0%} and more, and the "
            f"generator (loss {now.generator_loss:.1f}) learns little. If this lasts, take less "
            "momentum (beta_1), or give the discriminator a smaller learning rate.",
        )
    return found


def _without_faces(now):
    """Whoever draws faces is not ill of these; the detector alone can be fooled by stripes."""
    if max(now.photographs_right, now.fakes_right) < 0.3 and now.discriminator_loss < 0.5:
        return Diagnosis(
            ("swapped labels",),
            f"The discriminator's loss is small ({now.discriminator_loss:.2f}), and yet it is "
            "nearly always wrong: it learns the reverse. Are the labels swapped?",
        )
    ratio = strength(now)
    if ratio < LIMITS["weaker"]:
        return Diagnosis(
            ("discriminator too weak",),
            f"The discriminator moves {ratio:.2f} times as far as the generator in a step: it is "
            "too weak to teach anything. Give it a larger learning rate.",
        )
    if ratio > LIMITS["stronger"]:
        return Diagnosis(
            ("discriminator too strong",),
            f"The discriminator moves {ratio:.0f} times as far as the generator in a step, and "
            f"the generator (loss {now.generator_loss:.1f}) learns little. Make their rates equal.",
        )
    return None


def _how_it_goes(readings):
    now = readings[-1]
    if now.relative_spread < 0.25:
        if max(reading.relative_spread for reading in readings) > 0.6:
            return (
                "The generator has collapsed: every latent gives nearly the same picture. Begin "
                "again, with less momentum (beta_1) or smaller learning rates."
            )
        return "Every latent still gives nearly the same picture: normal in the first seconds."
    if now.face_rate < 0.5:
        return f"The two nets keep each other busy; faces in {now.face_rate:.0%} so far."
    return (
        f"It goes well: faces in {now.face_rate:.0%} of the pictures, which differ "
        f"{now.relative_spread:.0%} as much as photographs do."
    )
