"""
numpy + scipy: the whole map on one core, with bincount, convolve1d and maximum_filter, see dense.py. All three use one
thread.

`bin` computes the dense raw moments of every block of time bins, without the neighbouring bins that smoothing needs,
and drops each block when it starts the next. `job` also bins the neighbouring bins of each block; `smooth` and
`score-peaks` are parts of it. The number of time bins per block is the fastest found in the warm-up, separately for
`bin` and `job`. Moments are smoothed densely and scored only where there are ticks.

It is given sides after the tick rule, increments, and the increments of the ticks before. It leaves out marking,
checksums and digest, ticks in batches, and facts of the hotspots in the feed's units.
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
    # For a single block of time bins.
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
