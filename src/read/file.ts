import { VoxriskError } from '../errors.ts'

/**
 * A file as the reader sees it. In a browser, wrap a `File` ({@link fileFromBlob}) or name a URL
 * ({@link fileFromUrl}); in Node, name a path (`openFile`).
 */
export interface TradeFile {
  /** Name for messages, and for formats whose file names give a symbol or a date. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** The whole content from its first byte. Each call starts again. */
  stream(): ReadableStream<Uint8Array>
  /** Bytes from `start` (inclusive) to `end` (exclusive); fewer where the file ends earlier. */
  slice(start: number, end: number): Promise<Uint8Array>
  /**
   * The unpacked content, if the file's platform unpacks faster than browser APIs do, or packings that they
   * cannot.
   */
  unpacked?(packing: 'gzip' | 'zstd'): ReadableStream<Uint8Array> | undefined
}

/** Wraps a `Blob`, or a browser's `File`, as a {@link TradeFile}. Nothing is uploaded. */
export function fileFromBlob(blob: Blob, name: string): TradeFile {
  return {
    name,
    size: blob.size,
    stream: () => blob.stream(),
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  }
}

/**
 * A file on a web server, named after the last part of its path. If the server supports byte ranges, the file
 * is streamed on each reading, and only the needed parts of zip and Parquet files are fetched. Otherwise it
 * is fetched once, as a `Blob`, which browsers keep on disk when it is large. If you already have a
 * `Response`, use `fileFromBlob(await response.blob(), name)`.
 *
 * The server must not declare a `.gz` file as `Content-Encoding: gzip`: browsers then unpack it themselves,
 * and Chrome silently drops all its members but the first.
 * @param init sent with every request: `headers`, `credentials`, `signal`
 * @throws {VoxriskError} `io` when the server cannot be reached or gives no file; while reading, also when
 *   the file has changed
 */
export async function fileFromUrl(url: string | URL, init: RequestInit = {}): Promise<TradeFile> {
  // Browsers fail on a range of content that the server compresses in transit.
  const first = await request(url, init, { from: 0, to: 0 }).catch(() => null)
  const size = first && sizeOf(first)
  if (first === null || size === null) {
    if (first?.status !== 200) await first?.body?.cancel()
    const whole = first?.status === 200 ? first : await request(url, init)
    return fileFromBlob(await whole.blob().catch(cause => fail(url, 'breaks off', cause)), nameOf(whole.url))
  }
  const name = nameOf(first.url)
  await first.arrayBuffer() // read its one byte to free the connection
  const version = first.headers.get('etag')
  const unchanged = async (response: Response) => {
    if (response.headers.get('etag') === version) return response
    await response.body?.cancel()
    return fail(url, 'changed on the server while it was read')
  }
  return {
    name,
    size,
    stream() {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
      request(url, init)
        .then(unchanged)
        .then(({ body }) => (body as ReadableStream<Uint8Array>).pipeTo(writable))
        .catch(error => writable.abort(error).catch(() => {})) // reading `readable` reports it
      return readable
    },
    async slice(start, end) {
      const to = Math.min(end, size) - 1
      if (to < start) return new Uint8Array(0)
      const response = await unchanged(await request(url, init, { from: start, to }))
      if (sizeOf(response) !== size) return fail(url, 'changed on the server while it was read')
      return new Uint8Array(await response.arrayBuffer().catch(cause => fail(url, 'breaks off', cause)))
    },
  }
}

/** Fetches a file, or its bytes `from` to `to` (both inclusive) if the server supports ranges. */
async function request(
  url: string | URL,
  init: RequestInit,
  range?: { readonly from: number; readonly to: number },
): Promise<Response> {
  const headers = new Headers(init.headers)
  if (range) headers.set('Range', `bytes=${range.from}-${range.to}`)
  const response = await fetch(url, { ...init, headers }).catch(cause =>
    fail(url, `cannot be fetched: ${(cause as Error).message}`, cause),
  )
  // An empty file has no byte 0, and byte 0 was the whole request.
  if (response.ok || (response.status === 416 && range)) return response
  await response.body?.cancel()
  return fail(url, `the server answers ${response.status} ${response.statusText}`.trimEnd())
}

/**
 * Size of the whole file that a range is part of. Null when the server sent no range or did not give the
 * size, and when the range is of content compressed in transit (some servers send `x.csv.gz` as `x.csv` in
 * gzip).
 */
function sizeOf({ status, headers }: Response): number | null {
  const size = /^bytes \d+-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]
  return status === 206 && size !== undefined && !headers.has('content-encoding') ? Number(size) : null
}

function nameOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '')
  const last = path.slice(path.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(last) || path
  } catch {
    return last // a stray percent sign
  }
}

function fail(url: string | URL, problem: string, cause?: unknown): never {
  throw new VoxriskError(
    'io',
    `${url}: ${problem}`,
    'Check the address, and whether the server is up and, for a browser, allows the request (CORS).',
    { cause },
  )
}
