"""Why a run stands still, and how Ctrl-C and a plain `kill` reach it.

The chapter's own loop (`chapter_loop.py`) is simpler: there Ctrl-C ends the step at once.
"""

import contextlib
import enum
import signal
import threading


class Stop(enum.Enum):
    """Why a run stands still. `Run.stopped` says it in a sentence, for people only."""

    NOT_BEGUN = enum.auto()
    TAKEN_UP = enum.auto()  # from a checkpoint
    REACHED = enum.auto()  # the step that was asked for
    OUT_OF_TIME = enum.auto()
    ASKED = enum.auto()  # by a callback
    INTERRUPTED = enum.auto()  # by Ctrl-C, a notebook's stop button or a plain `kill`
    DIVERGED = enum.auto()  # a loss or a weight is no finite number


class Ending:
    """Why a run stands still, or is about to: `reason` for code, None while it trains on;
    `sentence` for people.

    Of what is asked for, the first counts. An interrupt counts before all else but a breakdown, as
    long as `interrupted` is True.
    """

    def __init__(self):
        self._halt = Stop.NOT_BEGUN, "Not begun."  # None while it trains
        self.interrupted = False

    @property
    def reason(self):
        return self._now()[0]

    @property
    def sentence(self):
        return self._now()[1]

    def begin(self):
        """It trains, from now on."""
        self._halt = None

    def ask(self, reason, sentence):
        """It ends after the step in progress, if nothing else has ended it before."""
        self._halt = self._halt or (reason, sentence)

    def set(self, reason, sentence):
        """It stands still, whatever has been the reason before."""
        self._halt = reason, sentence

    def _now(self):
        reason, sentence = self._halt or (None, "")
        if self.interrupted and reason is not Stop.DIVERGED:
            return Stop.INTERRUPTED, "Interrupted."
        return reason, sentence


def stop_politely(run):
    """Within, Ctrl-C, a notebook's stop button and a plain `kill` end the run after its step.

    The second one ends it at once; the last checkpoint is whole all the same.
    """
    return _signals_go_to(lambda number, frame: run.interrupt(), only_the_first=True)


def interrupts_raise():
    """Within, Ctrl-C and a plain `kill` raise KeyboardInterrupt, until a run hears them itself."""
    return _signals_go_to(signal.default_int_handler)


@contextlib.contextmanager
def _signals_go_to(handler, only_the_first=False):
    """Within, SIGINT and SIGTERM go to `handler`; not in a thread beside the main one."""
    if threading.current_thread() is not threading.main_thread():  # Python allows it there only
        yield
        return
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore():
        for number, its_handler in former.items():
            signal.signal(number, its_handler)

    def hear(number, frame):
        handler(number, frame)
        if only_the_first:
            restore()

    try:
        for number in former:
            signal.signal(number, hear)
        yield
    finally:
        restore()
