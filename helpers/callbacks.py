"""What happens beside the steps of a training: Keras callbacks, each for one thing.

Each gets the `Run` (`helpers/training.py`) that it serves.
"""

import contextlib
import importlib.util
import signal
import threading
import time

from helpers import run_folder
from helpers.images import save_picture
from helpers.run_folder import Stop
from helpers.runtime import duration, import_keras, progress_is_silent

keras = import_keras()


class StepByStep(keras.callbacks.CallbackList):
    """Keras's list of callbacks, but the losses stay where they were computed.

    Keras's own list turns them into Python numbers after each step, and waits for them.
    """

    def on_train_batch_end(self, batch, logs=None):
        for callback in self.callbacks:
            callback.on_train_batch_end(batch, logs)


class KeepHistory(keras.callbacks.Callback):
    """Both losses of each step; read about once a second, which is when a NaN is noticed."""

    def __init__(self, run):
        super().__init__()
        self.run = run
        self.read_at = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        self.run.add_step(logs)
        if time.monotonic() - self.read_at > 1.0:
            self.run.read_losses()
            self.read_at = time.monotonic()


class AtTimes(keras.callbacks.Callback):
    """Calls `act(seconds)` when so many seconds of training are over, then ends the run.

    `times`: seconds, the first step not counted: it prepares the nets. The clock stands still
    while `act` is at work.
    """

    def __init__(self, run, times, act):
        super().__init__()
        self.run = run
        self.left = sorted(times)
        self.act = act
        self.began = None

    def on_train_batch_end(self, batch, logs=None):
        now = time.monotonic()
        if self.began is None:
            self.began = now
        elif self.left and now - self.began >= self.left[0]:
            self.act(self.left.pop(0))
            self.began += time.monotonic() - now
            if not self.left:
                self.run.stop("All is seen.")


def stop_in_time(run, minutes):
    """A callback that stops the run after so many minutes."""

    def stop(seconds):
        be = "is" if seconds == 60 else "are"
        run.stop(f"The {duration(seconds)} {be} over.", Stop.OUT_OF_TIME)

    return AtTimes(run, [minutes * 60], stop)


@contextlib.contextmanager
def stop_politely(run):
    """Ctrl-C, a notebook's stop button and a plain `kill` end the run after the step in progress.

    The second one ends it at once; the last checkpoint is whole all the same.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def hear_again():
        for number, handler in former.items():
            signal.signal(number, handler)

    def stop(number, frame):
        run.interrupt()
        hear_again()

    try:
        for number in former:
            signal.signal(number, stop)
        yield
    finally:
        hear_again()


class DrawSamples(keras.callbacks.Callback):
    """A sheet of pictures every so many steps, always from the same latents."""

    def __init__(self, run, every):
        super().__init__()
        self.run = run
        self.every = every

    def on_train_batch_end(self, batch, logs=None):
        if self.run.steps_done % self.every == 0:
            self.run.read_losses()
            if not self.run.not_a_number:
                self.draw()

    def draw(self):
        from helpers.plots import contact_sheet

        path = run_folder.sample_path(self.run.folder, self.run.steps_done)
        path.parent.mkdir(exist_ok=True)
        pictures = self.run.sample(run_folder.SAMPLE_PICTURES)
        save_picture(path, contact_sheet(pictures, columns=run_folder.SAMPLE_COLUMNS))


class SaveCheckpoints(keras.callbacks.Callback):
    """A checkpoint every so many seconds, and one at the end."""

    def __init__(self, run, seconds):
        super().__init__()
        self.run = run
        self.seconds = seconds
        self.saved_at = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        if time.monotonic() - self.saved_at >= self.seconds:
            self.run.save()
            self.saved_at = time.monotonic()


class ShowProgress(keras.callbacks.Callback):
    """A bar with the time left and the newest losses."""

    def __init__(self, run, until_step):
        super().__init__()
        self.run = run
        self.until_step = until_step

    def on_train_begin(self, logs=None):
        from tqdm.auto import tqdm

        self.bar = tqdm(
            total=self.until_step,
            initial=self.run.steps_done,
            unit="step",
            disable=progress_is_silent(),
        )

    def on_train_batch_end(self, batch, logs=None):
        self.bar.update()
        losses = self.run.history
        if losses["generator_loss"]:
            self.bar.set_postfix(
                discriminator=f"{losses['discriminator_loss'][-1]:.3f}",
                generator=f"{losses['generator_loss'][-1]:.3f}",
                refresh=False,
            )

    def on_train_end(self, logs=None):
        self.bar.close()


class WriteTensorBoard(keras.callbacks.Callback):
    """Both losses of each step for TensorBoard, which must be installed."""

    def __init__(self, run):
        super().__init__()
        import tensorflow as tf

        self.run = run
        self.summary = tf.summary
        self.writer = tf.summary.create_file_writer(str(run.folder / "tensorboard"))

    def on_train_batch_end(self, batch, logs=None):
        with self.writer.as_default(step=self.run.steps_done):
            for name, loss in logs.items():
                self.summary.scalar(name, loss)

    def on_train_end(self, logs=None):
        self.writer.close()


def has_tensorboard():
    """Whether TensorBoard is installed: TensorFlow 2.21 does not bring it any more."""
    return importlib.util.find_spec("tensorboard") is not None
