"""What lessons show and ask: the first cell, figures, widgets, checks, the health panel.

What stands here is imported when it is first asked for, so that a lesson without nets starts fast.
"""

import sys

try:
    if sys.version_info < (3, 10):  # noqa: UP036 - it may have the packages, but can't read our files
        raise ModuleNotFoundError
    import lazy_loader
except ModuleNotFoundError:  # nothing is installed: what says so must be found all the same
    from helpers.classroom.setup import without_packages as lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["plots"],
    submod_attrs={
        "batches_table": ["batches_table", "recorded_batches"],
        "clinic": ["Clinic", "switch_of"],
        "check_setup": ["check_setup"],
        "exercises.checking": ["check"],
        "growing_generator": ["load_growing_generator"],
        "health": ["HealthPanel", "show_readings"],
        "lesson": ["start"],
        "live_view": ["LiveView"],
        "mistakes": ["RecordedMistakes"],
        "portraits": ["save_portraits"],
        "profiles": ["chosen_profile"],
        "recorded_runs": ["recorded_run"],
        "step_cost": ["quarter_step_seconds"],
        "tuning": ["Tuning", "grid_table"],
        "widgets": ["SpotTheFake", "blend_grid", "grow", "walk"],
        "workers_at_work": ["train_with_workers"],
    },
)
