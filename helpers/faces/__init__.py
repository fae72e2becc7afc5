"""Faces as arrays: the photographs, faces that the course draws, or pictures of your own.

Importing this wing imports no TensorFlow and asks no network.
"""

from helpers.faces.choice import chosen_size
from helpers.faces.cutting import cut_to_faces
from helpers.faces.errors import FacesError
from helpers.faces.loading import Faces, load_faces
from helpers.faces.painting import paint_faces
from helpers.faces.photographs import load_photograph, resize_nearest

__all__ = [
    "Faces",
    "FacesError",
    "chosen_size",
    "cut_to_faces",
    "load_faces",
    "load_photograph",
    "paint_faces",
    "resize_nearest",
]
