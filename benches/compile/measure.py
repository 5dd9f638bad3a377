"""What the programs beside this file cost to compile, as a Markdown table.

    python measure.py                       # all programs again, after a touch, release and dev
    python measure.py transformer lstm      # some
    python measure.py --nothing             # mlp from nothing as well, in a new target folder
    python measure.py --peer PATH..         # crates of others from nothing, as a comparison
    python measure.py --lines-only          # lines of LLVM code, which no other work disturbs

Wall and processor seconds (user and system, of cargo and all of its children) are the least of
`--repeats`; lines are those of the LLVM code that rustc gives the optimiser, in one unit.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = sorted(path.stem for path in (HERE / "src/bin").glob("*.rs"))


def run(arguments, folder, environment=None):
    """Wall and processor seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        arguments,
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CARGO_INCREMENTAL": "", **(environment or {})},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - start, processor


def best(measured):
    """The least of each column."""
    return tuple(min(column) for column in zip(*measured))


def again(program, release, repeats):
    """Compiling one program after a touch, with everything else compiled before."""
    command = ["cargo", "build", "--bin", program] + ["--release"] * release
    run(command, HERE)
    measured = []
    for _ in range(repeats):
        (HERE / f"src/bin/{program}.rs").touch()
        measured.append(run(command, HERE))
    return best(measured)


def lines(program, release):
    """Lines of LLVM code before the optimiser."""
    command = ["cargo", "rustc", "--bin", program] + ["--release"] * release
    options = ["--emit=llvm-ir", "-Ccodegen-units=1", "-Cno-prepopulate-passes"]
    target = HERE / "target/lines"
    profile = target / ("release" if release else "debug") / "deps"
    for old in profile.glob(f"{program}-*.ll"):
        old.unlink()
    (HERE / f"src/bin/{program}.rs").touch()
    run(command + ["--", *options], HERE, {"CARGO_TARGET_DIR": str(target)})
    (code,) = profile.glob(f"{program}-*.ll")
    with code.open(errors="replace") as text:
        return sum(1 for line in text if line.startswith("  "))


def nothing(folder, command):
    """Compiling with all dependencies, which have been fetched before."""
    subprocess.run(["cargo", "fetch"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as target:
        return run(command, folder, {"CARGO_TARGET_DIR": target})


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def times(measured):
    return "{:.1f} / {:.1f}".format(*measured)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", nargs="*", default=PROGRAMS)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--lines-only", action="store_true")
    parser.add_argument("--release-only", action="store_true")
    parser.add_argument("--nothing", action="store_true")
    parser.add_argument("--peer", nargs="*", default=[])
    options = parser.parse_args()
    if unknown := set(options.programs) - set(PROGRAMS):
        sys.exit(f"no such program: {', '.join(unknown)}; there are {', '.join(PROGRAMS)}")

    row("program", "release, wall / processor s", "lines", "dev, wall / processor s", "lines")
    row("---", "---", "---", "---", "---")
    for program in options.programs:
        cells = []
        for release in (True, False):
            if options.release_only and not release:
                cells += ["", ""]
                continue
            if options.lines_only:
                cells.append("")
            else:
                cells.append(times(again(program, release, options.repeats)))
            cells.append(f"{lines(program, release):,}")
        row(f"`{program}`", *cells)
    if options.nothing:
        build = ["cargo", "build", "--bin", "mlp"]
        release, dev = nothing(HERE, [*build, "--release"]), nothing(HERE, build)
        row("`mlp` from nothing", times(release), "", times(dev), "")
    for peer in options.peer:
        build = ["cargo", "build"]
        release, dev = nothing(peer, [*build, "--release"]), nothing(peer, build)
        row(f"{Path(peer).name} from nothing", times(release), "", times(dev), "")


if __name__ == "__main__":
    main()
