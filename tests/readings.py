"""A reading of a healthy training, for tests that change one thing in it."""

HEALTHY = {
    "step": 800,
    "seconds": 30.0,
    "discriminator_loss": 0.5,
    "generator_loss": 1.8,
    "photographs_right": 0.9,
    "held_out_right": 0.8,
    "fakes_right": 0.85,
    "known_by": 0.1,
    "relative_spread": 0.97,
    "face_rate": 0.9,
    "smallest_label": 0.01,
    "largest_label": 0.99,
    "darkest": -1.0,
    "from_the_album": 1.0,
    "new_latents": 1.0,
    "discriminator_moves": 0.004,
    "generator_moves": 0.003,
    "modes_apart": 0.03,
}
