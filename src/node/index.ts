export { type BackendChoice, openBackend } from './backends.ts'
export { type OpenDeviceOptions, openDevice } from './device.ts'
export { type OpenFile, openFile } from './files.ts'
export { fileSpool } from './spool.ts'
