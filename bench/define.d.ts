/** Filled in when the benchmark is built. */
declare const __VOXRISK_COMMIT__: string | null
