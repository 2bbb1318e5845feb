/** A file as the reader needs it; a page wraps a `File` ({@link fileFromBlob}), Node a path (`openFile`). */
export interface TradeFile {
  /** Name for messages, and for the formats whose file names say a symbol or a date. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** The whole content from its first byte, anew at each call. */
  stream(): ReadableStream<Uint8Array>
  /** Bytes `start` (inclusive) to `end` (exclusive), fewer where the file ends before. */
  slice(start: number, end: number): Promise<Uint8Array>
  /** The unpacked content, where the file's platform unpacks faster than the page's own means, or what they cannot. */
  unpacked?(packing: 'gzip' | 'zstd'): ReadableStream<Uint8Array> | undefined
}

/** A `Blob` or a page's `File` as a {@link TradeFile}. */
export function fileFromBlob(blob: Blob, name: string): TradeFile {
  return {
    name,
    size: blob.size,
    stream: () => blob.stream(),
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  }
}
