"""The chapter's nets and its step in plain PyTorch, to compare speeds with. It needs only torch.

Channels last, autocast for bfloat16, weights in float32: what a PyTorch user would write.
"""

import contextlib

import torch
from torch import nn

LATENT_SIZE = 100


def build_generator():
    def convolve(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 5, padding=2), normalise(outputs), nn.ReLU()]

    def normalise(channels):
        return nn.BatchNorm2d(channels, momentum=0.5)

    return nn.Sequential(
        nn.Linear(LATENT_SIZE, 128 * 25 * 25),
        nn.BatchNorm1d(128 * 25 * 25, momentum=0.5),
        nn.ReLU(),
        nn.Unflatten(1, (128, 25, 25)),
        *convolve(128, 512),
        nn.ConvTranspose2d(512, 256, 4, stride=2, padding=1),
        normalise(256),
        nn.ReLU(),
        *convolve(256, 256),
        *convolve(256, 128),
        *convolve(128, 64),
        nn.Conv2d(64, 3, 7, padding=3),
        nn.Tanh(),
    )


def build_discriminator():
    def convolve(inputs, kernel_size, stride):
        return [nn.Conv2d(inputs, 256, kernel_size, stride=stride), nn.LeakyReLU(0.3)]

    return nn.Sequential(
        *convolve(3, 3, 1),
        *convolve(256, 5, 2),
        *convolve(256, 5, 2),
        *convolve(256, 3, 2),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(256 * 4 * 4, 1),
    )


class Step:
    """Takes one step of the chapter's loop each time that it is called."""

    def __init__(self, batch_size, bfloat16):
        torch.manual_seed(0)
        self.batch_size = batch_size
        self.bfloat16 = bfloat16
        layout = torch.channels_last
        self.generator = build_generator().to(memory_format=layout)
        self.discriminator = build_discriminator().to(memory_format=layout)
        self.photographs = (torch.rand(batch_size, 3, 50, 50) * 2 - 1).to(memory_format=layout)
        self.cross_entropy = nn.BCEWithLogitsLoss()
        self.optimizers = [
            torch.optim.Adam(net.parameters(), lr=4e-4, betas=(0.5, 0.999), eps=1e-7)
            for net in (self.generator, self.discriminator)
        ]

    def parameters(self):
        """The number of weights that are trained, of both nets."""
        nets = self.generator, self.discriminator
        return [sum(weight.numel() for weight in net.parameters()) for net in nets]

    def __call__(self):
        generator_optimizer, discriminator_optimizer = self.optimizers
        with torch.no_grad(), self._precision():
            self.generator.eval()
            fakes = self.generator(torch.randn(self.batch_size, LATENT_SIZE)).float()
            self.generator.train()
        pictures = torch.cat([fakes, self.photographs]).contiguous(
            memory_format=torch.channels_last
        )
        labels = torch.cat([torch.ones(self.batch_size, 1), torch.zeros(self.batch_size, 1)])
        labels = (labels - 0.1 * torch.rand(labels.shape)).abs()
        with self._precision():
            loss = self.cross_entropy(self.discriminator(pictures).float(), labels)
        self._minimise(loss, discriminator_optimizer)

        self.discriminator.requires_grad_(False)
        with self._precision():
            scores = self.discriminator(self.generator(torch.randn(self.batch_size, LATENT_SIZE)))
            loss = self.cross_entropy(scores.float(), torch.zeros(self.batch_size, 1))
        self._minimise(loss, generator_optimizer)
        self.discriminator.requires_grad_(True)

    def _minimise(self, loss, optimizer):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def _precision(self):
        if self.bfloat16:
            return torch.autocast("cpu", torch.bfloat16)
        return contextlib.nullcontext()
