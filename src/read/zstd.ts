/**
 * Unpacks Zstandard: with the platform's `DecompressionStream` if it can, otherwise with `fzstd`, loaded with
 * the first block. A truncated stream is an error.
 */
export function unzstd(): ReadableWritablePair<Uint8Array, Uint8Array> {
  try {
    const native = new DecompressionStream('zstd' as CompressionFormat)
    return native as unknown as ReadableWritablePair<Uint8Array, Uint8Array>
  } catch {
    return portableUnzstd()
  }
}

function portableUnzstd(): TransformStream<Uint8Array, Uint8Array> {
  let push: ((block: Uint8Array, final?: boolean) => void) | undefined
  let ended = true
  return new TransformStream<Uint8Array, Uint8Array>({
    async transform(block, controller) {
      if (push === undefined) {
        const { Decompress } = await import('fzstd')
        const frames = new Decompress(bytes => {
          if (bytes.length > 0) controller.enqueue(bytes.slice()) // fzstd reuses its buffer
        })
        push = (bytes, final) => frames.push(bytes, final)
        ended = false
      }
      push(block)
    },
    flush() {
      if (!ended) push?.(new Uint8Array(0), true)
    },
  })
}
