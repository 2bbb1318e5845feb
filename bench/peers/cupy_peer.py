"""
CuPy: the whole map on a CUDA GPU, with bincount, convolve1d and maximum_filter, see dense.py.

Not run yet: it was written without a CUDA GPU, so only the lines it shares with numpy_scipy.py have been run. Its
results are checked like those of every peer, so a mistake leads to a failed check and to no figure.

`upload` copies the columns from ordinary memory. `bin`, `smooth` and `score-peaks` find them on the device and wait
for it after each block; `job` begins and ends in the host's memory and waits once. bincount adds float64 atomically:
integers below 2^53 add up exactly in any order.
"""

import json
import sys
from pathlib import Path

try:
    import cupy
    from cupyx.scipy import ndimage

    properties = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)
except Exception as error:  # no package, no driver, no device: CuPy raises a different exception for each
    missing = {'missing': str(error).split('\n')[0]}
    Path(sys.argv[1], 'result.json').write_text(json.dumps(missing))
    sys.exit()

from peer import run


class Device:
    on_device = True
    xp = cupy
    ndimage = ndimage
    # Half of the free memory: the filters and the pool need arrays of their own.
    most_bytes = cupy.cuda.runtime.memGetInfo()[0] // 2

    def upload(self, column):
        return cupy.asarray(column)

    def download(self, array):
        return cupy.asnumpy(array)

    def wait(self):
        cupy.cuda.Device().synchronize()


run(
    Device(),
    {
        'label': f'CuPy {cupy.__version__}',
        'runsOn': properties['name'].decode(),
        'cores': None,
    },
)
