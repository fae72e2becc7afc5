"""Training: the recipes, the engine, and the chapter's own loop.

What needs TensorFlow is imported when it is first asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["chapter_step"],
    submod_attrs={
        "callbacks": ["AtTimes"],
        "chapter_loop": ["ChapterLoop"],
        "checkpoint_files": ["CheckpointError"],
        "faults": ["FAULTS", "BrokenRun"],
        "knobs": ["KNOBS"],
        "planning": [
            "LINKS",
            "Plan",
            "all_reduce_seconds",
            "count_step",
            "messages_of_a_step",
            "predicted_step_seconds",
        ],
        "recipes": [
            "CHAPTER",
            "CHAPTER_AS_PRINTED",
            "CHAPTER_TUNED",
            "COMPACT",
            "ONE_MISTAKE_AT_A_TIME",
            "QUICK",
            "RECIPES",
            "STEPS_TO_COMPACT",
            "Recipe",
        ],
        "run": ["Run", "train"],
        "run_folder": ["TrainingError", "read_record", "sample_sheets"],
        "stopping": ["Stop"],
        "typed_loop": ["typed_loop"],
    },
)
