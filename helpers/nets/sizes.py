"""The sizes of the pictures that a net can be built for."""


def check_size(size, sizes, name):
    """Raises: ValueError, a sentence, where the nets of that name don't have this size."""
    if size not in sizes:
        known = ", ".join(f"{side} x {side}" for side in sizes)
        raise ValueError(
            f"The {name} nets are for pictures of {known}, not of {size} x {size}. Load them with "
            f"load_faces(…, size={sizes[0]})."
        )
