import type { Compressors } from 'hyparquet'

/**
 * All codecs for Parquet pages. If the content security policy of the browser document forbids WebAssembly,
 * Snappy is unpacked in JavaScript, at a quarter of the speed.
 */
export async function loadPageCodecs(): Promise<Compressors> {
  try {
    return (await import('hyparquet-compressors')).compressors as Compressors
  } catch {
    return withoutWebAssembly()
  }
}

/** Imports the same decoders one by one, because the package's index compiles its WebAssembly on load. */
async function withoutWebAssembly(): Promise<Compressors> {
  const [{ snappyUncompress }, { gunzip }, { decompressBrotli }, { decompress }, lz4] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors/src/gzip.js'),
    import('hyparquet-compressors/src/brotli.js'),
    import('fzstd'),
    import('hyparquet-compressors/src/lz4.js'),
  ])
  return {
    SNAPPY(input, length) {
      const output = new Uint8Array(length)
      snappyUncompress(input, output)
      return output
    },
    GZIP: (input, length) => gunzip(input, new Uint8Array(length)),
    BROTLI: decompressBrotli,
    ZSTD: input => decompress(input),
    LZ4: lz4.decompressLz4,
    LZ4_RAW: lz4.decompressLz4Raw,
  }
}
