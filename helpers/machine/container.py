"""What Linux tells a container of its limits: its share of the processor, and its memory."""

from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")  # where Linux tells a container its limits


def core_quotas(cgroup=CGROUP):
    """The shares of the processor that a container's control group allows, in whole cores."""
    older = cgroup / "cpu"  # where control groups of version 1 keep quota and period
    quotas = [
        read_words(cgroup / "cpu.max"),
        read_words(older / "cpu.cfs_quota_us") + read_words(older / "cpu.cfs_period_us"),
    ]
    return [
        max(1, round(int(quota[0]) / int(quota[1])))
        for quota in quotas
        if len(quota) == 2 and quota[0].isdigit()  # "max" and -1 stand for no limit
    ]


def memory_of_group(cgroup=CGROUP):
    """(limit, used) of a container's control group, in bytes: infinite, None where it tells none.

    `used` is without the pages of files.
    """
    limit, used = float("inf"), None
    older = cgroup / "memory"  # where control groups of version 1 keep it
    for limit_path, used_path, prefix in (
        (cgroup / "memory.max", cgroup / "memory.current", ""),
        (older / "memory.limit_in_bytes", older / "memory.usage_in_bytes", "total_"),
    ):
        for word in filter(str.isdigit, read_words(limit_path)):  # "max" stands for no limit
            limit = min(limit, int(word))
        for word in filter(str.isdigit, read_words(used_path)):
            words = read_words(used_path.with_name("memory.stat"))
            sizes = dict(zip(words[::2], words[1::2], strict=False))
            files = [sizes.get(f"{prefix}{kind}_file", 0) for kind in ("active", "inactive")]
            used = int(word) - sum(map(int, files))
    return limit, used


def read_words(path):
    """The words of a small file; none where it can't be read."""
    try:
        return path.read_text(encoding="utf-8").split()
    except OSError:
        return []
