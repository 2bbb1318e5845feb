/**
 * How much memory does a map of a large file take? Writes a generated CSV.gz in Bybit's format, of the given
 * size in gigabytes (compressed), to the folder for temporary files, unless an earlier run left it there.
 * Maps it with a spool on disk, samples memory every 20 ms, and prints the largest sum of heap and typed
 * arrays.
 *
 * `npm run memory -- [gigabytes]`, default 5: takes minutes, and 1.7 times as much space on disk.
 */
import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { cpuBackend, mapTrades, openTrades } from 'voxrisk'
import { fileSpool, openFile } from 'voxrisk/node'
import { count } from './report/text.ts'

const gigabytes = Number(process.argv[2] ?? 5)
const path = join(tmpdir(), `voxrisk-memory-${gigabytes}.csv.gz`)
if (!existsSync(path)) await generate(path, gigabytes * 1e9)

const file = await openFile(path)
let peak = { sum: 0, heapUsed: 0, external: 0, rss: 0 }
const sample = () => {
  const { heapUsed, external, rss } = process.memoryUsage() // external includes the typed arrays
  if (heapUsed + external > peak.sum) peak = { sum: heapUsed + external, heapUsed, external, rss }
}
const timer = setInterval(sample, 20)
const start = performance.now()
const source = await openTrades(file)
const report = await mapTrades(source, { backend: cpuBackend(), newSpool: fileSpool, onProgress: sample })
clearInterval(timer)
const mega = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
console.log(
  [
    `${(file.size / 1e9).toFixed(2)} GB of CSV.gz, ${count(report.rows.read)} rows`,
    `${count(report.calibration.reference.voxels)} touched voxels, ${count(report.hotspotsFound)} hotspots`,
    `${((performance.now() - start) / 1000).toFixed(0)} s: ${JSON.stringify(report.timings, (_, value) => (typeof value === 'number' ? Math.round(value) : value))}`,
    `peak of ${mega(peak.sum)} in heap and typed arrays (heap ${mega(peak.heapUsed)}, typed arrays ${mega(peak.external)}; resident ${mega(peak.rss)})`,
  ].join('\n'),
)

/**
 * A random walk of trades: the price moves a tick up or down, sizes span several decades, ids are as random
 * as real ones.
 */
async function generate(to: string, bytes: number): Promise<void> {
  const unfinished = `${to}.part`
  const out = createWriteStream(unfinished)
  const write = (block: Uint8Array) =>
    new Promise<void>((resolve, reject) => out.write(block, error => (error ? reject(error) : resolve())))
  const ROWS = 20_000
  let written = 0
  let time = 1_569_888_000_000_000 // µs
  let price = 16_600 // half dollars
  let text =
    'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n'
  while (written < bytes) {
    const random = randomBytes(ROWS * 24)
    for (let i = 0; i < ROWS; i++) {
      const at = i * 24
      const draw = random.readUInt32LE(at)
      time += draw % 200_000
      if ((draw >>> 8) % 5 === 0) price += (draw >>> 16) % 2 === 0 ? 1 : -1
      const size = 1 + Math.floor(2 ** ((random[at + 4] / 256) * 17))
      const side = random[at + 5] < 128 ? 'Buy' : 'Sell'
      const dollars = price / 2
      const id = random.toString('hex', at + 8, at + 24)
      text += `${(time / 1e6).toFixed(6)},BTCUSD,${side},${size},${dollars},ZeroPlusTick,${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)},${Math.round((size / dollars) * 1e8)},${size},${size / dollars}\n`
    }
    const block = gzipSync(text, { level: 1 })
    text = ''
    written += block.length
    await write(block)
  }
  await new Promise<void>((resolve, reject) =>
    out.end((error?: Error | null) => (error ? reject(error) : resolve())),
  )
  await rename(unfinished, to)
}
