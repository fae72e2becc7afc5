"""Recipes: the numbers of a training, each with its reason, in one place."""

from dataclasses import dataclass, field, replace

from helpers.arguments import whole_number
from helpers.nets.latents import LATENT_SIZE


@dataclass(frozen=True)
class Recipe:
    """All choices of one training of two nets.

    The defaults are the chapter's numbers, with its mistakes mended.
    """

    name: str
    batch_size: int = 20  # photographs in a step; as many fakes
    generator_learning_rate: float = 0.0004  # half of the discriminator's, says the chapter
    discriminator_learning_rate: float = 0.0008
    beta_1: float = 0.9  # Adam's momentum; Keras's default, and the number that decides
    label_noise: float = 0.1  # labels that are not quite 0 and 1 keep the discriminator humble
    noise_points_inward: bool = True  # labels stay in [0, 1]; printed: up to 1.1
    same_range: bool = True  # photographs in [-1, 1] as the fakes are; printed: in [0, 1]
    shuffled: bool = True  # a new order at every pass; printed: the order of the files
    average_decay: float = 0.99  # the averaged generator's memory: some 100 steps; 0 for none
    average_warm_up: int = 10  # while young it remembers a ninth of the steps so far; 5: a quarter
    nets: str = "chapter"  # which two nets: nets/chapter.py or nets/compact.py
    mirrored: bool = False  # every second photograph, by lot, is shown as in a mirror
    drawn_once: bool = False  # the generator's turn takes the fakes of the discriminator's turn
    rate_halved_after: int = 0  # steps until both rates are half of what they were; 0 for never
    gradient_penalty: float = 0.0  # of the discriminator's slope (R1), once it is at full strength
    gradient_penalty_after: int = 1  # steps until it is; it begins at 0.2 (gan.py)
    augmented_share: float = 0.0  # of all pictures, changed before the discriminator sees them
    augmented_after: int = 1  # steps until that share is reached, from none
    # From so many rows of a picture on the discriminator sees how much a minibatch differs, too.
    minibatch_deviation_from: int = 100  # at 50 it makes nothing better
    latent_size: int = LATENT_SIZE  # numbers in a latent
    # More arguments of the nets' builders, by name: lesson 07 turns these knobs.
    generator_options: dict = field(default_factory=dict, hash=False)
    discriminator_options: dict = field(default_factory=dict, hash=False)


CHAPTER_AS_PRINTED = Recipe(
    name="as printed",
    noise_points_inward=False,
    same_range=False,
    shuffled=False,
)

CHAPTER = Recipe(name="mended")

CHAPTER_TUNED = Recipe(
    name="tuned",
    beta_1=0.5,  # less momentum: the opponent changes at every step, so old gradients mislead
    discriminator_learning_rate=0.0004,  # equal rates: neither player runs away from the other
)

# One mistake at a time: lesson 05 shows what each cure is worth, alone and together.
ONE_MISTAKE_AT_A_TIME = {
    recipe.name: recipe
    for recipe in (
        CHAPTER_AS_PRINTED,
        replace(CHAPTER_AS_PRINTED, name="noise inward alone", noise_points_inward=True),
        replace(CHAPTER_AS_PRINTED, name="one range alone", same_range=True),
        replace(CHAPTER_AS_PRINTED, name="shuffled alone", shuffled=True),
        CHAPTER,
        replace(CHAPTER, name="mended, and beta_1", beta_1=0.5),
        replace(CHAPTER, name="mended, and equal rates", discriminator_learning_rate=0.0004),
        CHAPTER_TUNED,
    )
}

# The way from the chapter to the compact recipe, one question at a time: lesson 08 walks it.
_COMPACT_NETS = replace(CHAPTER_TUNED, name="compact nets", nets="compact")  # far less work a step
_LARGER_STEPS = replace(
    _COMPACT_NETS,
    name="larger steps",
    batch_size=16,
    generator_learning_rate=0.001,
    discriminator_learning_rate=0.001,
    drawn_once=True,  # saves a quarter of the generator's work
)
_GRADIENT_PENALTY = replace(
    _LARGER_STEPS,
    name="gradient penalty",
    gradient_penalty=6.0,  # much of it late, when the discriminator would win; little of it early,
    gradient_penalty_after=9000,  # when it would only slow both down
)
_LONGER_AVERAGE = replace(
    _GRADIENT_PENALTY, name="longer average", average_decay=0.9999, average_warm_up=5
)
COMPACT = replace(
    _LONGER_AVERAGE,
    name="compact",
    label_noise=0.0,  # the penalty keeps the discriminator humble
    mirrored=True,  # twice as many photographs, for nothing
    rate_halved_after=2500,
)
QUICK = replace(_LARGER_STEPS, name="quick")  # lesson 07 tunes and breaks small nets, in seconds
QUICK_WIDTH = 0.5  # of these nets, as a share of all their filters

STEPS_TO_COMPACT = {
    recipe.name: recipe
    for recipe in (_COMPACT_NETS, _LARGER_STEPS, _GRADIENT_PENALTY, _LONGER_AVERAGE, COMPACT)
}

RECIPES = {  # by the names that the command line knows
    "chapter-as-printed": CHAPTER_AS_PRINTED,
    "chapter": CHAPTER,
    "chapter-tuned": CHAPTER_TUNED,
    "compact": COMPACT,
}


def recipe_of(name, batch_size=None):
    """The recipe that the command line knows by this name, with another batch size where one is.

    Raises: ValueError for a batch size that can't be.
    """
    recipe = RECIPES[name]
    if batch_size is None:
        return recipe
    return replace(recipe, batch_size=whole_number("batch_size", batch_size, 1))
