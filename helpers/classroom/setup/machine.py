"""Cores, memory and disk: the limits of a container count."""

import shutil
import tempfile

from helpers.classroom.profiles import PROFILES, chosen_profile
from helpers.classroom.setup.lines import RUN_AGAIN, Line, by_system, set_to
from helpers.classroom.setup.training import MEMORY
from helpers.files import cache_folder
from helpers.machine import core_count, memory_for_this_process

LEAST_DISK, GOOD_DISK = 0.1, 1.0  # GiB: faces take 20 MB; the runs of all lessons some hundred


def check_cores():
    """How many cores the lessons may use, a container's share counted."""
    cores = core_count()
    if cores > 1:
        return Line("ok", "cores", f"{cores}", fact=f"{cores} cores")
    see = by_system("nproc", "sysctl -n hw.ncpu", "$env:NUMBER_OF_PROCESSORS")
    return Line(
        "look",
        "cores",
        "only 1: a training takes twice as long as the lessons say, or longer",
        f"Close other programs. If `{see}` tells of more, a container does not give you all.",
        "1 core",
    )


def check_memory():
    """Whether a lesson has the memory that it needs: what this process holds already counts."""
    need = _memory_of_a_lesson()
    left = memory_for_this_process() / 2**30
    told, fact = f"{left:.1f} GiB left, a lesson needs up to {need:.1f}", f"{left:.1f} GiB left"
    if left >= need:
        return Line("ok", "memory", told, fact=fact)
    see = by_system(
        "ps aux --sort=-rss | head",
        "top -o mem",
        "Get-Process | Sort-Object WorkingSet -Descending | Select-Object -First 9",
    )
    cure = (
        "Shut down other lessons' kernels (menu Kernel, Shut Down All Kernels), close programs and "
        f"browser tabs. `{see}` shows what takes most. {RUN_AGAIN}"
    )
    return Line("look" if left >= MEMORY else "stop", "memory", told, cure, fact)


def _memory_of_a_lesson():
    try:
        return chosen_profile().memory
    except ValueError:  # another check says that there is no such profile
        return PROFILES["workshop"].memory


def check_disk():
    """Whether faces can be kept on disk: the cache folder can be written, and has room."""
    folder = cache_folder()
    other = by_system("/another/folder", "/another/folder", r"D:\faces")
    elsewhere = f"`{set_to('COURSE_CACHE', other)}`, then start from the same terminal. {RUN_AGAIN}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"faces")
    except OSError as error:
        told = f"the cache {folder} cannot be written ({error.strerror or error})"
        return Line("stop", "disk", told, elsewhere)
    free = shutil.disk_usage(folder).free / 2**30
    told = f"{free:.1f} GiB free; the cache can be written"
    if free >= GOOD_DISK:
        return Line("ok", "disk", told)
    see = by_system("df -h", "df -h", "Get-PSDrive -PSProvider FileSystem")
    state = "look" if free >= LEAST_DISK else "stop"
    cure = f"Free 1 GiB (`{see}` shows all disks), or take another disk: {elsewhere}"
    return Line(state, "disk", told, cure, f"{free:.1f} GiB of disk")
