"""
The risk map as users of numpy would write it: dense boxes, and no loops over ticks or voxels. It takes the array
module and its image filters as parameters, so that numpy with scipy and CuPy run the same lines. The rules are those
of docs/numerics.md. Sums are integers below 2^53 in float64, and scores are int64, so all results are exact.

The map is computed in blocks of time bins. A block's box spans just the prices and sizes of its ticks.
"""

from dataclasses import dataclass, fields
from itertools import product

import numpy

# Stands for the score of a voxel without one.
NO_SCORE = -(2**31)
# Trades a voxel needs to get a score, in units of the kernel's centre weight.
KAPPA = 8
# Largest deviation of a term from its mean: 16 octaves in Q12.
DEVIATION_MAX = 16 << 12
PRIOR_MAX = 2.0**62
# Bytes per voxel of a block: five moments, the filters' copies of one moment, the scores.
VOXEL_BYTES = 5 * 8 + 3 * 8 + 2 * 4
# Neighbours with a lower (time, size, price), which win a tie.
LOWER_NEIGHBOURS = [offset for offset in product((-1, 0, 1), repeat=3) if offset < (0, 0, 0)]


class TooLarge(Exception):
    """The box of a single time bin with its halo exceeds the memory allowed."""


@dataclass
class Ticks:
    """Columns of ticks without late ones; sides after the tick rule; increments 0 where unmarked."""

    time: object
    price: object
    size: object
    side: object
    increment: object
    previousIncrement: object

    def map(self, change):
        return Ticks(**{field.name: change(getattr(self, field.name)) for field in fields(Ticks)})


@dataclass
class Block:
    """Dense raw moments of some time bins, indexed (time, size, price), and the bins of its first voxel."""

    moments: list
    time: int
    size: int
    price: int


class Dense:
    def __init__(self, xp, ndimage, settings, most_bytes):
        self.xp = xp
        self.ndimage = ndimage
        self.most_voxels = most_bytes // VOXEL_BYTES
        grid = settings['grid']
        self.price_width = grid['priceWidth']
        self.time_bin = grid['timeWidth']
        self.size_resolution = grid['sizeResolution']
        self.size_bins = grid['sizeBins']
        self.relative_variance = settings['relativeVariance']
        rows = settings['weights']
        self.weights = [xp.asarray(rows[axis], dtype=xp.float64) for axis in ('time', 'size', 'price')]
        self.time_radius = len(rows['time']) // 2
        self.shrinkage = KAPPA * max(rows['time']) * max(rows['size']) * max(rows['price'])
        self.constants = {
            term: (xp.asarray(values['mean'], dtype=xp.int64), xp.asarray(values['coefficient'], dtype=xp.int64))
            for term, values in settings['score'].items()
        }
        table = numpy.rint(2.0**24 * numpy.log2(1 + numpy.arange(257) / 256)).astype(numpy.int64)
        self.log2_table = xp.asarray(table)

    # ---- whole passes ----

    def moments(self, ticks, slabs_a_block, lap, keep=False):
        """Bins all ticks block by block. With `keep`, returns rows (time, size, price, moments) of touched voxels."""
        rows = []
        ticks, time = self._in_order(ticks)
        for first, last, start, end in self._blocks(time, slabs_a_block, 0):
            for block in self._bin(ticks, time, first, last, 0, start, end):
                if keep:
                    rows.append(self._touched_rows(block))
        lap('bin')
        return self.xp.concatenate(rows) if keep else None

    def peaks(self, ticks, slabs_a_block, lap):
        """All peaks: rows (time, size, price, score, five smoothed moments), highest score first."""
        xp = self.xp
        found = []
        ticks, time = self._in_order(ticks)
        for first, last, start, end in self._blocks(time, slabs_a_block, self.time_radius + 1):
            for block in self._bin(ticks, time, first, last, self.time_radius + 1, start, end):
                lap('bin')
                touched, smoothed, shape = self._smooth(block)
                lap('smooth')
                found.append(self._find_peaks(block, touched, smoothed, shape))
                lap('score-peaks')
        peaks = xp.concatenate(found)
        time, size, price, score = peaks[:, :4].T
        peaks = peaks[xp.lexsort(xp.stack((price, size, time, -score)))]
        lap('score-peaks')
        return peaks

    # ---- blocks ----

    def _in_order(self, ticks):
        """The ticks in order of their time bins, and the bins. Any order within a bin will do: increments are given."""
        xp = self.xp
        time = (ticks.time / self.time_bin).astype(xp.int64)  # exact: both are integers below 2^53
        if not bool((time[1:] < time[:-1]).any()):
            return ticks, time
        order = xp.argsort(time)
        return ticks.map(lambda column: column[order]), time[order]

    def _blocks(self, time, slabs_a_block, halo):
        """
        Runs of time bins, each starting at a bin with ticks: first and last bin, and the range of ticks in those bins
        and in `halo` bins on either side.
        """
        xp = self.xp
        edges = xp.concatenate((xp.zeros(1, dtype=xp.int64), xp.flatnonzero(time[1:] != time[:-1]) + 1))
        slabs = _on_host(time[edges])
        edges = numpy.append(_on_host(edges), len(time))
        begin = 0
        while begin < len(slabs):
            first = int(slabs[begin])
            last = first + slabs_a_block - 1
            from_slab, to_slab = numpy.searchsorted(slabs, (first - halo, last + halo + 1))
            yield first, last, int(edges[from_slab]), int(edges[to_slab])
            begin = int(numpy.searchsorted(slabs, last + 1))

    def _bin(self, ticks, time, first, last, halo, start, end):
        """Yields the block, or its halves if it does not fit."""
        xp = self.xp
        price = ticks.price[start:end] // self.price_width
        size = self._size_bin(ticks.size[start:end])
        lowest_price, lowest_size = int(price.min()), int(size.min())
        prices = int(price.max()) - lowest_price + 1
        sizes = int(size.max()) - lowest_size + 1
        slabs = last - first + 1 + 2 * halo
        voxels = slabs * sizes * prices
        if voxels > self.most_voxels:
            if first == last:
                raise TooLarge(f'a box of {slabs} x {sizes} x {prices} voxels is too large')
            middle = (first + last) // 2
            for low, high in ((first, middle), (middle + 1, last)):
                a, b = (int(at) for at in xp.searchsorted(time, xp.asarray([low - halo, high + halo + 1])))
                c, d = (int(at) for at in xp.searchsorted(time, xp.asarray([low, high + 1])))
                if c < d:
                    yield from self._bin(ticks, time, low, high, halo, a, b)
            return
        voxel = ((time[start:end] - (first - halo)) * sizes + (size - lowest_size)) * prices + price
        voxel -= lowest_price
        lots = ticks.size[start:end].astype(xp.float64)
        increment = ticks.increment[start:end]

        def total(weights):
            return xp.bincount(voxel, weights, voxels).reshape(slabs, sizes, prices)

        moments = [
            total(None).astype(xp.float64),
            total(lots),
            total(lots * ticks.side[start:end]),
            total(increment * increment),
            total(increment * ticks.previousIncrement[start:end]),
        ]
        yield Block(moments, first - halo, lowest_size, lowest_price)

    def _size_bin(self, size):
        """Log-linear bin, taken from the exponent and the leading bits of the size as a float64."""
        xp = self.xp
        resolution = self.size_resolution
        lots = xp.maximum(size, 1)
        leading = lots.astype(xp.float64).view(xp.int64) >> (52 - resolution)
        bins = leading - ((1022 + resolution) << resolution) - 1
        if resolution > 0:
            bins = xp.where(lots < 2**resolution, lots.astype(xp.int64) - 1, bins)
        return xp.minimum(bins, self.size_bins - 1)

    def _touched_rows(self, block):
        xp = self.xp
        shape = block.moments[0].shape
        touched = xp.flatnonzero(block.moments[0])
        return xp.stack(
            self._bins(block, touched, shape) + [moment.ravel()[touched] for moment in block.moments], axis=1
        )

    def _bins(self, block, voxels, shape):
        """Absolute bins of voxels as float64 columns."""
        time, rest = voxels // (shape[1] * shape[2]), voxels % (shape[1] * shape[2])
        columns = (time + block.time, rest // shape[2] + block.size, rest % shape[2] + block.price)
        return [column.astype(self.xp.float64) for column in columns]

    # ---- smoothing ----

    def _smooth(self, block):
        """
        Smooths along time, size, price. Drops the time radius on either side of the block. Returns the touched voxels,
        their moments, and the shape that their numbers refer to.
        """
        xp, radius = self.xp, self.time_radius
        slabs = block.moments[0].shape[0]
        inner = slice(radius, slabs - radius)
        touched = xp.flatnonzero(block.moments[0][inner])
        smoothed = []
        for moment in block.moments:
            moment = self.ndimage.convolve1d(moment, self.weights[0], axis=0, mode='constant')[inner]
            moment = self.ndimage.convolve1d(moment, self.weights[1], axis=1, mode='constant')
            moment = self.ndimage.convolve1d(moment, self.weights[2], axis=2, mode='constant')
            smoothed.append(moment.ravel()[touched])
        return touched, smoothed, moment.shape

    # ---- score and peaks ----

    def _find_peaks(self, block, touched, smoothed, shape):
        xp = self.xp
        scored = smoothed[0] >= self.shrinkage
        voxels = touched[scored]
        smoothed = [moment[scored] for moment in smoothed]
        rest = voxels % (shape[1] * shape[2])
        time, size, price = voxels // (shape[1] * shape[2]), rest // shape[2], rest % shape[2]
        score = self._score(size + block.size, price, block.price, shape[2], smoothed)

        scores = xp.full(shape, NO_SCORE, dtype=xp.int32)
        scores.ravel()[voxels] = score
        highest = self.ndimage.maximum_filter(scores, size=3, mode='nearest')
        # The first and the last time bin lack a neighbour. They belong to another block.
        best = (score == highest.ravel()[voxels]) & (time > 0) & (time < shape[0] - 1)
        best = xp.flatnonzero(best)
        time, size, price, score = time[best], size[best], price[best], score[best]
        alone = xp.ones(len(best), dtype=bool)
        for before, smaller, lower in LOWER_NEIGHBOURS:
            s, p = size + smaller, price + lower
            inside = (s >= 0) & (s < shape[1]) & (p >= 0) & (p < shape[2])
            other = scores[time + before, xp.clip(s, 0, shape[1] - 1), xp.clip(p, 0, shape[2] - 1)]
            alone &= ~(inside & (other == score))
        first_time = block.time + self.time_radius
        columns = [time + first_time, size + block.size, price + block.price, score]
        columns = [column.astype(xp.float64) for column in columns] + [moment[best] for moment in smoothed]
        return xp.stack(columns, axis=1)[alone]

    def _score(self, size, price, first_price, prices, smoothed):
        xp, shrinkage = self.xp, self.shrinkage
        trades, volume, flow, variation, covariation = (moment.astype(xp.int64) for moment in smoothed)
        centre = (xp.arange(prices) + first_price) * self.price_width + self.price_width // 2
        centre = xp.clip(centre, 1, 2**32 - 1)
        prior = self._prior(centre.astype(xp.float64))[price]
        variance = xp.maximum(variation + 2 * covariation, 0)
        terms = {
            'activity': self._log2(xp.maximum(volume, 1)),
            'volatility': ((self._log2(variance + prior) - self._log2(trades + shrinkage)) >> 1)
            - self._log2(centre)[price],
            'flow': (self._ratio(xp.abs(flow), volume) * self._ratio(trades, trades + shrinkage)) >> 16,
        }
        score = xp.zeros(len(size), dtype=xp.int64)
        for term, (mean, coefficient) in self.constants.items():
            deviation = xp.clip((terms[term] - mean[size]) >> 4, -DEVIATION_MAX, DEVIATION_MAX)
            score += (deviation * coefficient[size]) >> 6
        return score

    def _prior(self, price):
        """max(1, round(kappa c q p^2)), at most 2^62: float64 products in this order, then one rounding, half up."""
        xp = self.xp
        prior = self.shrinkage * self.relative_variance * price * price
        whole = xp.floor(prior)
        whole += prior - whole >= 0.5
        return xp.clip(whole, 1, PRIOR_MAX).astype(xp.int64)

    def _exponent(self, integer):
        """Position of the leading bit of integers in 1 ... 2^63 - 1."""
        xp = self.xp
        exponent = xp.frexp(integer.astype(xp.float64))[1].astype(xp.int64) - 1
        return exponent - ((integer >> exponent) == 0)  # float64 may round up to a power of two

    def _log2(self, integer):
        """log2 in Q16: 8 bits of the mantissa choose a table entry, 15 more interpolate."""
        xp = self.xp
        exponent = self._exponent(integer)
        mantissa = (integer << xp.maximum(23 - exponent, 0)) >> xp.maximum(exponent - 23, 0)
        index = (mantissa >> 15) & 255
        base = self.log2_table[index]
        interpolated = base + (((self.log2_table[index + 1] - base) * (mantissa & 0x7FFF)) >> 15)
        return (exponent << 16) + ((interpolated + 128) >> 8)

    def _ratio(self, part, whole):
        """part / whole in Q16, with both shifted until the whole has 16 bits; 0 where the whole is 0."""
        xp = self.xp
        shift = xp.maximum(self._exponent(xp.maximum(whole, 1)) - 15, 0)
        quotient = ((part >> shift) << 16) // xp.maximum(whole >> shift, 1)
        return xp.where(whole == 0, 0, xp.minimum(quotient, 65_535))


def _on_host(array):
    return array.get() if hasattr(array, 'get') else array
