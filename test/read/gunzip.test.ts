import { beforeAll, describe, expect, test } from 'vitest'
import { gunzip } from '../../src/read/gunzip.ts'

/** Bytes in blocks, cut at the given positions. */
function blocks(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      let from = 0
      for (const cut of [...cuts, bytes.length]) {
        controller.enqueue(bytes.slice(from, cut))
        from = cut
      }
      controller.close()
    },
  })
}

const bytesOf = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0))
const collect = async (stream: ReadableStream) => new Uint8Array(await new Response(stream).arrayBuffer())
const joined = (...parts: Uint8Array[]) => collect(new Blob(parts as BlobPart[]).stream())

const unpack = async (bytes: Uint8Array, cuts: readonly number[] = []) =>
  Array.from(await collect(gunzip(blocks(bytes, cuts))), byte => String.fromCharCode(byte)).join('')

const packed = (text: string) =>
  collect(new Blob([bytesOf(text)]).stream().pipeThrough(new CompressionStream('gzip')))

/** Packed without compression, so that the text appears unchanged in the packed bytes (RFC 1951, 3.2.4). */
async function stored(text: string): Promise<Uint8Array> {
  const whole = await packed(text)
  const { length } = text
  const head = Uint8Array.of(1, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255)
  return joined(whole.subarray(0, 10), head, bytesOf(text), whole.subarray(-8))
}

const HEADER = '\x1f\x8b\x08'

describe('gzip', () => {
  const texts = ['first member\n', '', `second ${HEADER} member\n`, 'x'.repeat(70_000), HEADER.repeat(50)]
  let members: Uint8Array[] = []
  let all = new Uint8Array(0)

  beforeAll(async () => {
    members = await Promise.all(texts.map((text, i) => (i % 2 ? packed(text) : stored(text))))
    all = await joined(...members)
  })

  test('one member, and several behind one another', async () => {
    for (const [i, member] of members.entries()) expect(await unpack(member)).toBe(texts[i])
    expect(await unpack(all)).toBe(texts.join(''))
  })

  test('however the blocks are cut around the members', async () => {
    let at = 0
    for (const member of members) {
      for (const cut of [at - 9, at - 4, at - 1, at, at + 1, at + 2, at + 3]) {
        if (cut > 0) expect(await unpack(all, [cut]), `${cut}`).toBe(texts.join(''))
      }
      at += member.length
    }
    const short = await joined(...members.slice(0, 3))
    const everywhere = Array.from({ length: short.length - 1 }, (_, i) => i + 1)
    expect(await unpack(short, everywhere)).toBe(texts.slice(0, 3).join(''))
  })

  test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['the last member cut off', () => all.subarray(0, all.length - 1)],
    ['nothing but a header', () => all.subarray(0, 10)],
    ['a member cut off before the next one', () => joined(members[3].subarray(0, -5), members[0])],
    [
      'a wrong checksum',
      () =>
        joined(
          members[0].map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
          members[0],
        ),
    ],
  ])('%s is an error', async (_, damaged) => {
    await expect(unpack(await damaged())).rejects.toThrow()
  })

  test('a reader that leaves cancels the file', async () => {
    let left = () => {}
    const cancelled = new Promise<void>(resolve => {
      left = resolve
    })
    const endless = new ReadableStream<Uint8Array>({
      pull: controller => controller.enqueue(members[3]),
      cancel: () => left(),
    })
    const reader = gunzip(endless).getReader()
    expect((await reader.read()).done).toBe(false)
    await reader.cancel()
    await cancelled
  })
})
