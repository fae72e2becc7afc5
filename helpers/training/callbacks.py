"""What happens beside the steps of a training: Keras callbacks, each for one thing.

Each gets the `Run` (`run.py`) that it serves.
"""

import importlib.util
import time

from helpers.images import contact_sheet, save_picture
from helpers.machine import import_keras, import_tensorflow
from helpers.progress import duration, progress_bar
from helpers.training import run_folder
from helpers.training.stopping import Stop

keras = import_keras()
tf = import_tensorflow()


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


class DrawSamples(keras.callbacks.Callback):
    """A sheet of pictures every so many steps, always from the same latents."""

    def __init__(self, run, every):
        super().__init__()
        self.run = run
        self.every = every

    def on_train_batch_end(self, batch, logs=None):
        if self.run.steps_done % self.every == 0:
            self.run.read_losses()
            if not self.run.diverged:
                self.draw()

    def draw(self):
        path = run_folder.sample_path(self.run.folder, self.run.steps_done)
        path.parent.mkdir(exist_ok=True)
        pictures = self.run.sample(run_folder.SAMPLE_PICTURES)
        save_picture(path, contact_sheet(pictures, columns=run_folder.SAMPLE_COLUMNS))


class SaveCheckpoints(keras.callbacks.Callback):
    """A checkpoint every so many seconds; the run itself saves the last one."""

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
        self.bar = progress_bar(total=self.until_step, initial=self.run.steps_done, unit="step")

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
        self.run = run
        self.writer = tf.summary.create_file_writer(str(run.folder / "tensorboard"))

    def on_train_batch_end(self, batch, logs=None):
        with self.writer.as_default(step=self.run.steps_done):
            for name, loss in logs.items():
                tf.summary.scalar(name, loss)

    def on_train_end(self, logs=None):
        self.writer.close()


def writers(run):
    """The callbacks that write into the run's folder."""
    chosen = [DrawSamples(run, run.picture_every)]
    if importlib.util.find_spec("tensorboard"):  # TensorFlow 2.21 does not bring it any more
        chosen.append(WriteTensorBoard(run))
    return [*chosen, SaveCheckpoints(run, run.checkpoint_seconds)]
