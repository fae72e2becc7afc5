"""The wings of `helpers`: what each hands on, and that what needs no net imports no TensorFlow."""

import importlib

import pytest

from tests.fresh_python import run_python

WINGS = ["classroom", "faces", "judging", "machine", "nets", "training"]
LAZY_WINGS = ["classroom", "nets", "training"]
WITHOUT_NETS = [
    "import helpers.machine",
    "import helpers.judging",
    "import helpers.faces",
    "import helpers.classroom, helpers.nets, helpers.training",
    "from helpers.classroom import check, chosen_profile, plots, start; start()",
    "from helpers.classroom import SpotTheFake, blend_grid, grow, walk",
    "from helpers.classroom import batches_table, recorded_batches, train_with_workers",
    "from helpers.training import CHAPTER, RECIPES, Recipe",
    "from helpers.training import LINKS, Plan, all_reduce_seconds, predicted_step_seconds",
]


def imports_of_nets(code):
    """Which of Keras and TensorFlow a fresh process has imported after this code."""
    process = run_python(
        f"{code}\nimport sys\nprint()\nprint(*{{'keras', 'tensorflow'}} & set(sys.modules))\n"
    )
    assert process.returncode == 0, process.stderr
    return set(process.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("code", WITHOUT_NETS)
def test_what_needs_no_net_imports_no_tensorflow(code):
    assert imports_of_nets(code) == set()


def test_an_import_of_tensorflow_would_be_noticed():
    assert imports_of_nets("from helpers.nets import compact") == {"keras", "tensorflow"}


@pytest.mark.parametrize("wing", WINGS)
def test_each_name_that_a_wing_hands_on_is_there(wing):
    module = importlib.import_module(f"helpers.{wing}")
    assert module.__all__
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None
        assert name in dir(module)


@pytest.mark.parametrize(
    ("wing", "some"),
    [
        ("classroom", {"plots", "check", "start", "chosen_profile", "HealthPanel", "SpotTheFake"}),
        ("nets", {"chapter", "compact", "draw_latents", "layer_costs"}),
        ("training", {"train", "Run", "Stop", "CHAPTER", "ChapterLoop"}),
    ],
)
def test_a_lazy_wing_shows_its_names_before_they_are_imported(wing, some):
    process = run_python(
        f"import sys, helpers.{wing} as wing\n"
        f"some = {some!r}\n"
        "assert some <= set(wing.__all__) and some <= set(dir(wing)), dir(wing)\n"
        f"inside = [name for name in sys.modules if name.startswith('helpers.{wing}.')]\n"
        "assert inside == [], inside\n"
    )
    assert process.returncode == 0, process.stderr


@pytest.mark.parametrize("wing", LAZY_WINGS)
def test_a_name_that_a_lazy_wing_does_not_have_is_an_error_that_names_it(wing):
    module = importlib.import_module(f"helpers.{wing}")
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = module.no_such_name
