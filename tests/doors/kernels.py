"""Lessons in kernels of other environments, driven from here."""

import os

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tests import lesson_tools
from tests.pictures import images_of


def environment_variables(**more):
    """This process's environment variables, with more, and without pytest's.

    With pytest's, ipykernel leaves alone what C code writes to stderr: no red box would be seen.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**kept, **{name: str(value) for name, value in more.items()}}


def client_of(path, python, folder, **options):
    """An nbclient for the lesson, not yet run, whose kernel begins in `folder`.

    `python`: the words of the command that starts the kernel's Python.
    """
    command = [*map(str, python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]

    class Manager(AsyncKernelManager):
        kernel_spec = KernelSpec(argv=command, language="python")

    notebook = nbformat.read(path, as_version=4)
    for cell in lesson_tools.code_cells(notebook):
        cell.execution_count, cell.outputs = None, []
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, kernel_manager_class=Manager, resources=resources, **options)


def faults(notebook):
    """What a learner should not see, as sentences: red boxes, pictures without alt text."""
    found = []
    for number, cell in enumerate(lesson_tools.code_cells(notebook), start=1):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                found.append(f"code cell {number} writes to stderr: {output.text[:300]}")
            forms = output.get("data", {})
            if any(form.startswith("image/") for form in forms):
                found.append(f"code cell {number}: a picture whose alt text no notebook shows")
            for pixels, alt in images_of(forms.get("text/html", "")):
                height, width = pixels.shape[-3:-1]  # a film has more pictures before them
                if not alt or min(height, width) < 20:
                    found.append(f"code cell {number}: {height} x {width} pixels, alt {alt!r}")
    return found
