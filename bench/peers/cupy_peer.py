"""
CuPy: the whole map on a CUDA GPU, by bincount, convolve1d and maximum_filter, see dense.py.

Not run yet: there was no CUDA GPU where it was written, only the lines it shares with numpy_scipy.py have been. Its
results are checked like those of every peer, so a mistake ends in a failed check and in no figure.

`upload` is the copy of the columns from ordinary memory. `bin`, `smooth` and `score-peaks` find them on the device
and wait for it after each block; `job` begins and ends in the host's memory and waits once. bincount adds float64
atomically: integers below 2^53 add up exactly in any order.
"""

import json
import sys
from pathlib import Path

try:
    import cupy
    from cupyx.scipy import ndimage

    properties = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)
except Exception as error:  # no package, no driver, no device: CuPy has an exception of its own for each
    missing = {'missing': str(error).split('\n')[0]}
    Path(sys.argv[1], 'result.json').write_text(json.dumps(missing))
    sys.exit()

from peer import run


class Device:
    on_device = True
    xp = cupy
    ndimage = ndimage
    # Half of what is free: the filters' and the pool's own arrays come on top.
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
