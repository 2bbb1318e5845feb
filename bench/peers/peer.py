"""
One peer's run: reads a task written by run-peers.ts, computes and times it, and writes the results back.

    python3 numpy_scipy.py FOLDER

FOLDER holds task.json and the columns of the ticks as raw little-endian files. The peer writes result.json and the
tables of moments and peaks to the same folder: its results before the first repeat and after the last.
"""

import json
import sys
import time
from dataclasses import fields
from pathlib import Path

import numpy
from dense import Dense, Ticks, TooLarge

TYPES = {
    'time': '<f8',
    'price': '<u4',
    'size': '<u4',
    'side': 'i1',
    'increment': '<f8',
    'previousIncrement': '<f8',
}

# Time bins per block until the fastest number is known.
FIRST_BLOCK = 8


class Stopwatch:
    """Seconds by stage. A lap ends the stage it names."""

    def __init__(self, wait):
        self.wait = wait
        self.seconds = {}
        self.wait()
        self.last = self.start = time.perf_counter_ns()

    def lap(self, stage):
        self.wait()
        now = time.perf_counter_ns()
        self.seconds[stage] = self.seconds.get(stage, 0) + (now - self.last) / 1e9
        self.last = now

    def total(self):
        self.wait()
        return (time.perf_counter_ns() - self.start) / 1e9


def run(machine, about):
    """
    `machine` provides the array module, the filters, the memory limit, and the transfer of columns in both directions.
    `about` holds label, runsOn and cores of the contestant.
    """
    folder = Path(sys.argv[1])
    task = json.loads((folder / 'task.json').read_text())
    columns = [numpy.fromfile(folder / field.name, TYPES[field.name]) for field in fields(Ticks)]
    try:
        result = Run(machine, task, Ticks(*columns), folder).timed()
    except (TooLarge, MemoryError) as error:
        result = {'refused': str(error) or 'out of memory'}
    (folder / 'result.json').write_text(json.dumps({**about, **result}))


class Run:
    def __init__(self, machine, task, ticks, folder):
        self.machine = machine
        self.task = task
        self.folder = folder
        self.host_ticks = ticks
        self.ticks = ticks.map(machine.upload)
        self.dense = Dense(machine.xp, machine.ndimage, task, machine.most_bytes)
        self.block = {'bin': FIRST_BLOCK, 'job': FIRST_BLOCK}

    def timed(self):
        start, most = time.monotonic(), self.task['secondsAtMost']
        until = start + most
        self.write_results('before')
        self.choose_blocks(start + most / 2)
        for _ in range(self.task['warmUps']):
            self.repeat()
        seconds = {}
        for done in range(self.task['repeats']):
            if done > 0 and time.monotonic() > until:
                break
            for stage, value in self.repeat().items():
                seconds.setdefault(stage, []).append(value)
        self.write_results('after')
        return {'seconds': seconds, 'clockQuantum': clock_quantum(), 'slabsABlock': self.block}

    def repeat(self):
        """Returns the seconds of every stage."""
        machine = self.machine
        times = {}
        if machine.on_device:
            watch = Stopwatch(machine.wait)
            self.host_ticks.map(machine.upload)
            times['upload'] = watch.total()
        times.update(self.bin(self.block['bin']))
        watch = Stopwatch(machine.wait)
        self.dense.peaks(self.ticks, self.block['job'], watch.lap)
        times['smooth'] = watch.seconds['smooth']
        times['score-peaks'] = watch.seconds['score-peaks']
        # On a device every lap waits for it, but a job need not wait. A job also begins and ends in the host's memory.
        times['job'] = self.job(self.block['job']) if machine.on_device else watch.total()
        return times

    def bin(self, slabs):
        watch = Stopwatch(self.machine.wait)
        self.dense.moments(self.ticks, slabs, watch.lap)
        return watch.seconds

    def job(self, slabs):
        watch = Stopwatch(self.machine.wait)
        ticks = self.host_ticks.map(self.machine.upload) if self.machine.on_device else self.ticks
        self.machine.download(self.dense.peaks(ticks, slabs, lambda stage: None))
        return watch.total()

    def choose_blocks(self, until):
        """
        Finds the fastest number of time bins per block, by doubling and halving it while that helps. This is the
        first warm-up.
        """
        slabs = numpy.ptp(numpy.floor(self.host_ticks.time / self.task['grid']['timeWidth'])) + 1
        for stage, run in (('bin', lambda length: self.bin(length)['bin']), ('job', self.job)):
            best = min(run(FIRST_BLOCK), run(FIRST_BLOCK))
            for factor in (2, 0.5):
                length = int(FIRST_BLOCK * factor)
                while 1 <= length < 2 * slabs and time.monotonic() < until:
                    taken = min(run(length), run(length))
                    if taken > 1.25 * best:
                        break
                    if taken < best:
                        best, self.block[stage] = taken, length
                    length = int(length * factor)

    def write_results(self, when):
        dense, download = self.dense, self.machine.download
        moments = download(dense.moments(self.ticks, self.block['bin'], lambda stage: None, keep=True))
        peaks = download(dense.peaks(self.ticks, self.block['job'], lambda stage: None))
        for name, table in (('moments', moments), ('peaks', peaks)):
            order = numpy.lexsort((table[:, 2], table[:, 1], table[:, 0]))
            table[order].astype('<f8').tofile(self.folder / f'{when}-{name}')


def clock_quantum():
    """Smallest observed step of the clock, in seconds."""
    steps = []
    for _ in range(1000):
        start = now = time.perf_counter_ns()
        while now == start:
            now = time.perf_counter_ns()
        steps.append(now - start)
    return min(steps) / 1e9
