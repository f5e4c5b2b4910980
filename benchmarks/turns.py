"""A turn of ours beside the same turn of the bot that `rasa init` makes: `make bench`.

Both run at the same time, each in a process of its own driven through pipes, and get the same messages in turn; so they
share the machine's good and bad moments. Ours is `thuisbel converse`: inbox, job, brain and outbox, in the embedded
database.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from bot.settings import ROOT

MESSAGES = (
    "hallo",
    "wie komt er morgen?",
    "iemand voor een uurtje per dag gezelschap om negen uur",
    "nee laat maar",
    "what can you do?",
    "wat kost het?",
    "someone for an hour a day and help with stockings every morning",
    "no",
    "dankjewel",
    "wat voor weer wordt het?",
)
STOCK = ROOT / ".cache" / "bench" / "stock"


@dataclass
class Talker:
    """A bot in a process, and how long its turns took (milliseconds, by message)."""

    name: str
    process: subprocess.Popen[str]
    started: float
    first_answer: float = 0.0
    turns: list[float] = field(default_factory=list)
    by_message: dict[str, list[float]] = field(default_factory=dict)

    def say(self, message: str, *, count: bool = True) -> None:
        """Say it and wait for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        begin = time.perf_counter()
        self.process.stdin.write(message + "\n")
        self.process.stdin.flush()
        if not self.process.stdout.readline():
            raise SystemExit(f"{self.name} has stopped with status {self.process.wait()}.")
        took = (time.perf_counter() - begin) * 1000
        if count:
            self.turns.append(took)
            self.by_message.setdefault(message, []).append(took)

    def megabytes(self) -> float:
        """Memory of the process itself (not of the database's)."""
        return psutil.Process(self.process.pid).memory_info().rss / 2**20


@contextmanager
def talking(name: str, command: Sequence[str], environment: dict[str, str]) -> Iterator[Talker]:
    """A bot started, warm after its first answer."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    talker = Talker(name, process, started)
    try:
        talker.say("hallo", count=False)
        talker.first_answer = time.perf_counter() - started
        yield talker
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help=f"of {len(MESSAGES)} messages each; default: 20")
    rounds = parser.parse_args().rounds
    subprocess.run([sys.executable, "-m", "benchmarks.stock", str(STOCK), "--only-train"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory(prefix="thuisbel-bench-") as data:
        environment = {"THUISBEL_DATA": data}
        subprocess.run(
            [sys.executable, "-m", "bot.cli", "demo"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        ours = talking("thuisbel", ["bot.cli", "converse", "--as", "+31612340001"], environment)
        stock = talking("rasa init", ["benchmarks.stock", str(STOCK)], {})
        with ours as one, stock as other:
            for number in range(rounds + 1):
                for message in MESSAGES:
                    for talker in (one, other):
                        talker.say(message, count=number > 0)
            report(one, other)


def report(ours: Talker, stock: Talker) -> None:
    """Print what was measured."""
    print(f"{'':14}{'p50 ms':>9}{'p95 ms':>9}{'start s':>9}{'memory MB':>11}")
    for talker in (ours, stock):
        p95 = statistics.quantiles(talker.turns, n=20)[-1]
        p50 = statistics.median(talker.turns)
        print(f"{talker.name:14}{p50:9.1f}{p95:9.1f}{talker.first_answer:9.1f}{talker.megabytes():11.0f}")
    ratio = statistics.median(ours.turns) / statistics.median(stock.turns)
    print(f"\np50 of ours / stock: {ratio:.2f}   ({len(ours.turns)} turns each)\n")
    for message, turns in ours.by_message.items():
        beside = statistics.median(stock.by_message[message])
        print(f"{statistics.median(turns):9.1f}{beside:9.1f}  {message}")


if __name__ == "__main__":
    main()
