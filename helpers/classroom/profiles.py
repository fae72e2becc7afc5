"""How much a lesson does: three profiles, and everything that decides its minutes."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """How much a lesson does: everything that decides its minutes stands in this table."""

    name: str
    width: float  # filters of the nets that are trained, as a share of the chapter's
    full_size_steps: int  # steps of the chapter's full nets, to feel what one costs
    discriminator_steps: int  # lesson 03: photographs against noise
    printed_and_mended_steps: int  # lesson 05: as printed, and mended
    tuned_steps: int  # lesson 05: tuned
    handover_steps: int  # lesson 05: the engine, beside the loop
    early_steps: int  # lesson 06: the compact nets, for pictures that are not yet good
    tuning_steps: int  # lesson 07: each small training of its first part
    clinic_steps: int  # lesson 07: each broken training
    compact_minutes: float  # lessons 06 and 08: the training of the compact nets
    larger_minutes: float  # lesson 08: of those for 100 x 100
    largest_minutes: float  # and for 200 x 200
    question_seconds: float  # lesson 08: each of its small trainings
    shared_steps: int  # lesson 09: of a training that two workers share
    picture_every: int  # steps between two saved pictures
    judged_pictures: int  # pictures shown to the face detector
    memory: float  # GiB that the largest lesson takes, without TensorFlow's files, which are shared

    def minutes_at(self, size):
        """How long lesson 08 trains the compact nets for pictures of `size` rows and columns.

        Raises: ValueError for a size that these nets don't have.
        """
        from helpers.nets.sizes import check_size  # here, for the first cell needs no package

        minutes = {50: self.compact_minutes, 100: self.larger_minutes, 200: self.largest_minutes}
        check_size(size, tuple(minutes), "compact")
        return minutes[size]


PROFILES = {
    each.name: each
    for each in (
        Profile(
            "smoke",
            width=1 / 32,
            full_size_steps=0,
            discriminator_steps=60,  # a narrow net learns slowly
            printed_and_mended_steps=5,
            tuned_steps=8,
            handover_steps=4,
            early_steps=2,
            tuning_steps=3,
            clinic_steps=4,
            compact_minutes=0.03,
            larger_minutes=0.03,
            largest_minutes=0.03,
            question_seconds=0.5,
            shared_steps=4,
            picture_every=4,
            judged_pictures=8,
            memory=1.2,
        ),
        Profile(
            "workshop",
            width=1 / 8,
            full_size_steps=2,
            discriminator_steps=30,
            printed_and_mended_steps=300,
            tuned_steps=800,
            handover_steps=50,
            early_steps=100,
            tuning_steps=200,
            clinic_steps=300,
            compact_minutes=2,
            larger_minutes=4,
            largest_minutes=15,
            question_seconds=25,
            shared_steps=100,
            picture_every=50,
            judged_pictures=100,
            memory=1.2,
        ),
        Profile(
            "full",
            width=1.0,
            full_size_steps=10,
            discriminator_steps=100,
            printed_and_mended_steps=1000,
            tuned_steps=5000,
            handover_steps=50,
            early_steps=100,
            tuning_steps=300,
            clinic_steps=300,
            compact_minutes=5,
            larger_minutes=8,
            largest_minutes=30,
            question_seconds=25,
            shared_steps=200,
            picture_every=100,
            judged_pictures=200,
            memory=3.5,
        ),
    )
}


def chosen_profile():
    """The chosen Profile: `COURSE_PROFILE` is smoke, workshop (the default) or full.

    Raises: ValueError where the variable holds another word.
    """
    name = os.environ.get("COURSE_PROFILE", "workshop")
    if name not in PROFILES:
        raise ValueError(
            f"COURSE_PROFILE is {name!r}, but it can only be one of: {', '.join(PROFILES)}. "
            "Set it to one of these, or remove it to get the workshop profile."
        )
    return PROFILES[name]
