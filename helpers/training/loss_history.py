"""Both losses of every step, the steps, and the seconds that they took.

What is computed as a loss stands in `gan.py`.
"""

import contextlib
import math
import time


class LossHistory:
    """What a training has to tell of itself in numbers.

    `history` has a list for each of the two losses, a float a step; `steps_done` counts; `seconds`
    is the time spent in steps. The newest losses may still be tensors: `read` reads them.
    """

    def __init__(self):
        self.history = {"discriminator_loss": [], "generator_loss": []}
        self.steps_done = 0
        self.seconds = 0.0
        self._unread = []
        self._clock = None

    def add(self, losses):
        """Note the losses of a step, as tensors: they are read later, all at once."""
        self._unread.append(losses)
        self.steps_done += 1

    def read(self):
        """Bring all up to date; words on the first step whose losses are not finite, or None."""
        self._count_seconds()
        seen = None
        for losses in self._unread:
            read = {name: float(losses[name]) for name in self.history}
            for name, loss in read.items():
                self.history[name].append(loss)
            if seen is None and not all(map(math.isfinite, read.values())):
                told = ", ".join(f"{name} {loss}" for name, loss in read.items())
                seen = f"the losses of step {len(self.history['generator_loss'])} are: {told}"
        self._unread.clear()
        return seen

    @contextlib.contextmanager
    def clock(self):
        """Within, `seconds` grow."""
        self._clock = time.monotonic()
        try:
            yield
        finally:
            self._count_seconds()
            self._clock = None

    def _count_seconds(self):
        if self._clock is not None:
            now = time.monotonic()
            self.seconds += now - self._clock
            self._clock = now
