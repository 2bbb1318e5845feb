// `voxrisk/node`: everything that needs Node: files, spools on disk, a GPU device and threads.

export { type OpenBackendOptions, openBackend } from '../node/backends.ts'
export { type OpenDeviceOptions, openDevice } from '../node/device.ts'
export { openFile } from '../node/files.ts'
export { findFiles } from '../node/glob.ts'
export { fileSpool } from '../node/spool.ts'
export { startThread } from '../node/threads.ts'
