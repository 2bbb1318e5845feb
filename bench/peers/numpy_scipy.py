"""
numpy + scipy: the whole map on one core, by bincount, convolve1d and maximum_filter, see dense.py. All three use one
thread.

`bin` makes the dense raw moments of every block of time bins, without the neighbouring bins that smoothing needs, and
lets go of each block when the next one comes. `job` bins the neighbouring bins of each block too; `smooth` and
`score-peaks` are parts of it. The number of time bins a block is the fastest found in the warm-up, for `bin` and `job`
apart. Moments are smoothed densely and scored where ticks lie.

What it is given: sides after the tick rule, increments and those of the tick before. What it leaves out: marking,
checksums and digest, ticks that come in batches, facts of the hotspots in units of the feed.
"""

import json
import platform
import sys
from pathlib import Path

try:
    import numpy
    import scipy
    from scipy import ndimage
except ImportError as error:
    Path(sys.argv[1], 'result.json').write_text(json.dumps({'missing': str(error)}))
    sys.exit()

from peer import run


class Host:
    on_device = False
    xp = numpy
    ndimage = ndimage
    # For one block of time bins.
    most_bytes = 2**31

    def upload(self, column):
        return column

    def download(self, array):
        return array

    def wait(self):
        pass


run(
    Host(),
    {
        'label': f'numpy {numpy.__version__} + scipy {scipy.__version__}, 1 core',
        'runsOn': f'Python {platform.python_version()}, 1 core',
        'cores': 1,
    },
)
