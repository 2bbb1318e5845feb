/** Version of the package, put in by the build. */
declare const __VOXRISK_VERSION__: string
