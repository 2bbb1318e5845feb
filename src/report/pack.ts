/** Packs a value: JSON, deflated, as base64 text. */
export async function pack(value: unknown): Promise<string> {
  const text = new Blob([JSON.stringify(value)]).stream()
  const bytes = await new Response(text.pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer()
  return base64(new Uint8Array(bytes))
}

/** The value that `pack` was given. */
export async function unpack(text: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(stream).text())
}

function base64(bytes: Uint8Array): string {
  /** Bytes per call: the number of arguments is limited. */
  const piece = 0x8000
  let text = ''
  for (let at = 0; at < bytes.length; at += piece)
    text += String.fromCharCode(...bytes.subarray(at, at + piece))
  return btoa(text)
}
