"""The nets: the chapter's two, the compact two, and what they are made of.

What stands here is imported when it is first asked for, because nets need TensorFlow.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["chapter", "compact"],
    submod_attrs={
        "costs": ["LayerCost", "layer_costs", "penalty_flop", "step_flop"],
        "fast_layers": ["make_fast"],
        "latents": [
            "LATENT_SIZE",
            "as_pictures",
            "draw_latents",
            "generate_from",
            "generate_pictures",
            "make_fakes",
        ],
    },
)
