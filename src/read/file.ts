import { VoxriskError } from '../errors.ts'

/**
 * A file as the reader needs it; a page wraps a `File` ({@link fileFromBlob}) or names a URL ({@link fileFromUrl}), Node
 * names a path (`openFile`).
 */
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

/** A `Blob` or a page's `File` as a {@link TradeFile}. Nothing leaves the page. */
export function fileFromBlob(blob: Blob, name: string): TradeFile {
  return {
    name,
    size: blob.size,
    stream: () => blob.stream(),
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  }
}

/**
 * A file on a web server, named after the last part of its path. Where the server gives byte ranges, it is streamed at
 * each reading and of zip and Parquet only the parts are fetched that are needed; else it is fetched once, as a `Blob`,
 * which browsers keep on disk when it is large. A `Response` that is at hand already is
 * `fileFromBlob(await response.blob(), name)`. A server must not declare a `.gz` file as `Content-Encoding: gzip`: browsers
 * then unpack it themselves, and Chrome silently leaves out all members of it but the first.
 * @param init goes with every request: `headers`, `credentials`, `signal`
 * @throws {VoxriskError} `io` when the server cannot be reached or gives no file; while reading also when it changed
 */
export async function fileFromUrl(url: string | URL, init: RequestInit = {}): Promise<TradeFile> {
  // A range of what a server packs on the way makes browsers fail.
  const first = await request(url, init, { from: 0, to: 0 }).catch(() => null)
  const size = first && sizeOf(first)
  if (first === null || size === null) {
    if (first?.status !== 200) await first?.body?.cancel()
    const whole = first?.status === 200 ? first : await request(url, init)
    return fileFromBlob(await whole.blob().catch(cause => fail(url, 'breaks off', cause)), nameOf(whole.url))
  }
  const name = nameOf(first.url)
  await first.arrayBuffer() // its one byte, so that the connection is free
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
        .catch(error => writable.abort(error).catch(() => {})) // who reads `readable` learns of it there
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

/** Fetches a file, or the bytes `from` to `to` (both inclusive) where the server gives ranges. */
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
  // An empty file has no byte 0, which is all that was asked for.
  if (response.ok || (response.status === 416 && range)) return response
  await response.body?.cancel()
  return fail(url, `the server answers ${response.status} ${response.statusText}`.trimEnd())
}

/**
 * Size of the whole file that a range is part of; null where the server gave, or told, none, and where the range is one of
 * the file packed on the way (some servers send `x.csv.gz` as `x.csv` in gzip).
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
