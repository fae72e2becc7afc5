"""lightweight-gan from PyPI, trained for some minutes on a folder of pictures, without a GPU.

python lightweight_gan_worker.py PICTURES_FOLDER WORK_FOLDER SIZE MINUTES SEED COUNT

It runs in an environment of its own (`make rivals` makes it) and imports nothing of the course. The
package insists on a GPU; here everything that it would send there stays where it is. All choices
are those of its own command line, but for the size. Writes `pictures.npy`, float32
(COUNT, SIZE, SIZE, 3) in [0, 1], to WORK_FOLDER and prints the number of steps.
"""

import os
import random
import sys
import time
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np
import torch

# Beside a torch for processors, torchvision lacks its compiled part. Only its Python part is needed
# here, but it wants to see these two names when it is imported.
torchvision_part = torch.library.Library("torchvision", "DEF")
for operator in ("nms", "qnms"):
    torchvision_part.define(f"{operator}(Tensor boxes, Tensor scores, float threshold) -> Tensor")

torch.cuda.is_available = lambda: True  # the package asks this when it is imported
from lightweight_gan import Trainer, lightweight_gan  # noqa: E402

torch.cuda.is_available = lambda: False


class TorchWithoutGpu:
    """The module torch, but every device is the processor."""

    device = staticmethod(lambda name: "cpu")

    def __getattr__(self, name):
        return getattr(torch, name)


def stay(moved, *device, **options):
    return moved


def main(pictures, work, size, minutes, seed, count):
    lightweight_gan.torch = TorchWithoutGpu()
    lightweight_gan.NUM_CORES = 0  # pictures are read in this process: it has both cores to itself
    torch.Tensor.cuda = torch.nn.Module.cuda = stay
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002, the package draws from it
    random.seed(seed)
    trainer = Trainer(  # as its command line begins, but for the size
        name="rival",
        base_dir=work,
        image_size=size,
        batch_size=10,
        gradient_accumulate_every=4,
        attn_res_layers=[32],
        disc_output_size=1,
        aug_types=["cutout", "translation"],
        save_every=10**9,
        evaluate_every=10**9,
        use_aim=False,  # a tracker of experiments, not installed
    )
    trainer.clear()
    trainer.set_data_src(pictures)
    trainer.evaluate = lambda *_, **__: None  # its own sheets would cost it time
    trainer.train()
    began = time.monotonic()
    while time.monotonic() - began < 60 * minutes:
        trainer.train()
    trainer.GAN.eval()
    with torch.no_grad():
        latents = torch.randn(count, trainer.GAN.latent_dim)
        drawn = trainer.generate_(trainer.GAN.G, latents)
    np.save(Path(work) / "pictures.npy", drawn.permute(0, 2, 3, 1).numpy().astype("float32"))
    print("steps", trainer.steps)


if __name__ == "__main__":
    folder, work_folder, size, minutes, seed, count = sys.argv[1:]
    main(folder, work_folder, int(size), float(minutes), int(seed), int(count))
