"""What a machine is and is set to, read off files of a machine made for the test."""

import pytest

from harness.machine import facts
from harness.machine.lines import machine_lines
from tests.harness.trees import CPU, planted

SERVER = {
    "proc/cpuinfo": "model name\t: A CPU\nflags\t\t: fpu vme hypervisor sse2",
    "proc/meminfo": "MemTotal:       1024 kB",
    "proc/sys/kernel/randomize_va_space": "0",
    "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never",
    "sys/class/dmi/id/product_name": "KVM",
    f"{CPU}/intel_pstate/no_turbo": "1",
    f"{CPU}/cpu2/cpufreq/scaling_governor": "powersave",
    f"{CPU}/cpu3/cpufreq/scaling_governor": "powersave",
    f"{CPU}/cpu2/topology/thread_siblings_list": "2-3",
    f"{CPU}/cpu3/topology/thread_siblings_list": "2-3",
    f"{CPU}/cpu2/cache/index0/level": "1",
    f"{CPU}/cpu2/cache/index0/type": "Data",
    f"{CPU}/cpu2/cache/index0/size": "48K",
    f"{CPU}/cpu2/cache/index3/level": "3",
    f"{CPU}/cpu2/cache/index3/type": "Unified",
    f"{CPU}/cpu2/cache/index3/size": "32M",
}


def test_every_fact_is_read(tmp_path):
    assert facts.settings([2, 3], planted(tmp_path, SERVER)) == {
        "allowed": [2, 3],
        "physical": 1,
        "threads_per_core": 2,
        "caches": {"L1d": 48 * 2**10, "L3": 32 * 2**20},
        "limits": {"cpus": None, "memory": None},
        "virtual": "KVM",
        "governor": "powersave",
        "turbo": False,
        "huge_pages": "madvise",
        "aslr": "off",
    }


def test_what_is_not_told_is_unknown_and_not_off(tmp_path):
    told = facts.settings([0, 1], tmp_path)
    assert told["physical"] == 2 and told["threads_per_core"] == 1
    unknown = ("virtual", "governor", "turbo", "huge_pages", "aslr")
    assert [told[name] for name in unknown] == [None] * 5 and told["caches"] == {}
    lines = machine_lines({"cpu": "A CPU", "cores": 2, "system": "Linux", **told})
    assert lines == ["A CPU, 2 cores, memory unknown, Linux", "physical cores 2"]


def test_boost_is_turbo_where_the_driver_is_another(tmp_path):
    assert facts.turbo(planted(tmp_path, {f"{CPU}/cpufreq/boost": "1"})) is True


def test_a_virtual_machine_without_a_products_name_is_one_all_the_same(tmp_path):
    planted(tmp_path, {"proc/cpuinfo": "flags : hypervisor"})
    assert facts.virtual(tmp_path) == "yes"


@pytest.mark.parametrize(
    "files",
    [
        {"proc/self/cgroup": "0::/a/b", "sys/fs/cgroup/a/b/cpu.max": "150000 100000"},
        {
            "proc/self/cgroup": "0::/a/b",
            "sys/fs/cgroup/a/b/cpu.max": "max 100000",
            "sys/fs/cgroup/a/cpu.max": "150000 100000",
        },
        {
            "proc/self/cgroup": "4:memory:/x\n1:cpu,cpuacct:/y",
            "sys/fs/cgroup/cpu/y/cpu.cfs_quota_us": "150000",
            "sys/fs/cgroup/cpu/y/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
        },
    ],
    ids=["its own group", "a group above", "version 1"],
)
def test_the_least_limit_of_cores_on_the_way_up_is_found(files, tmp_path):
    assert facts.cpu_limit(planted(tmp_path, files)) == 1.5


@pytest.mark.parametrize(
    "files",
    [
        {"proc/self/cgroup": "0::/a", "sys/fs/cgroup/a/memory.max": "4096"},
        {
            "proc/self/cgroup": "4:memory:/a",
            "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "4096",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
        },
    ],
    ids=["version 2", "version 1"],
)
def test_the_limit_of_memory_is_found(files, tmp_path):
    assert facts.memory_limit(planted(tmp_path, files)) == 4096


def test_a_machine_without_limits_has_none(tmp_path):
    files = {
        "proc/self/cgroup": "0::/",
        "sys/fs/cgroup/cpu.max": "max 100000",
        "sys/fs/cgroup/memory.max": "max",
    }
    planted(tmp_path, files)
    assert facts.cpu_limit(tmp_path) is None and facts.memory_limit(tmp_path) is None


def test_the_lines_for_a_person_say_it_all(tmp_path):
    described = facts.describe([2, 3], planted(tmp_path, SERVER)) | {
        "system": "Linux 6",
        "limits": {"cpus": 1.5, "memory": 2**30},
        "pinned": {"workers": [2], "parent": [3]},
    }
    assert machine_lines(described) == [
        "A CPU, 2 cores, 1 MiB, L1d 48 KiB, L3 32 MiB, Linux 6",
        "physical cores 1, governor powersave, turbo off, huge pages madvise, ASLR off, "
        "limited to cores 1.5, limited to 1 GiB, virtual machine KVM",
        "workers on core 2; parent on core 3",
    ]


def test_the_machine_is_described():
    described = facts.describe([0])
    assert described["cpu"] and described["memory"] > 2**28 and "Linux" in described["system"]


def test_outside_a_repository_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert facts.commit() is None
