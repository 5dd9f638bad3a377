"""How a call is timed, and which rows are asked for: what `src/protocol.rs` and `src/rows.rs` do,
for the peers in Python."""

import argparse
import json
import math
import os
import time

WARM_UP = 0.3
BATCH = 0.001
TOTAL = 0.6
REPEATS = 15


def options():
    """The command line; to be read before the library is imported, which looks at the threads."""
    parser = argparse.ArgumentParser(description="Measures rows; prints a JSON line each.")
    parser.add_argument("rows", nargs="+", help="names of rows, or their beginnings, or `all`")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(chosen.threads)
    return chosen


def measure(call):
    """Seconds of one call: the median batch, and the best."""
    clock = time.perf_counter

    def repeat(seconds):
        start, calls = clock(), 0
        while clock() - start < seconds or calls < 3:
            call()
            calls += 1
        return (clock() - start) / calls

    repeat(WARM_UP)
    calls = max(1, math.ceil(BATCH / repeat(10 * BATCH)))
    seconds, begin = [], clock()
    while len(seconds) < REPEATS or clock() - begin < TOTAL:
        start = clock()
        for _ in range(calls):
            call()
        seconds.append((clock() - start) / calls)
    seconds.sort()
    return seconds[len(seconds) // 2], seconds[0]


def status(name):
    """A number of KiB from the status of this process, as Linux tells it."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))


class Rotation:
    """Batches that come one after the other, and again from the first."""

    def __init__(self, count, make):
        self.batches = [make() for _ in range(count)]
        self.index = -1

    def next(self):
        self.index = (self.index + 1) % len(self.batches)
        return self.batches[self.index]


class Side:
    """One side of the comparison."""

    def __init__(self, peer, chosen):
        self.peer = peer
        self.chosen = chosen

    def is_chosen(self, row):
        return any(name == "all" or row == name or row.startswith(name + "-") for name in self.chosen.rows)

    def infer(self, row, setup):
        """A forward pass, made by `setup` and timed as one call."""
        if self.is_chosen(row):
            self.report(row, measure(setup()), "")

    def train(self, row, setup, value=float):
        """A training step, made by `setup`; `value` reads the loss that the last one gave."""
        if self.is_chosen(row):
            step = setup()
            seconds = measure(step)
            loss = value(step())
            assert math.isfinite(loss), f"{row}: the loss is {loss}"
            self.report(row, seconds, f"loss {loss:.3f}")

    def peak(self, row, setup):
        """The memory that one call takes beside what is there before, results included."""
        if self.is_chosen(row):
            call = setup()
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")
            before = status("VmRSS:")
            call()
            mib = (status("VmHWM:") - before) / 1024
            self.print(row, (mib, mib), "MiB", "results included")

    def report(self, row, seconds, note):
        short = row in ("mlp-tiny-infer", "lstm-infer")
        unit, scale = ("ns", 1e9) if short else ("us", 1e6)
        self.print(row, [scale * x for x in seconds], unit, note)

    def print(self, row, values, unit, note):
        median, least = (float(f"{x:.4g}") for x in values)
        result = {"peer": self.peer, "workload": row, "threads": self.chosen.threads}
        result |= {"median": median, "min": least, "unit": unit, "note": note}
        print(json.dumps(result), flush=True)
