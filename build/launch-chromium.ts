import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { type Browser, launch } from 'puppeteer-core'
import { findChromium } from './chromium.ts'

/** What WebGPU runs on in the browser. */
export type PageGpu =
  /** Nothing: documents get no adapter. */
  | 'none'
  /** SwiftShader, which comes with Chromium and renders on the CPU. */
  | 'software'
  /** The machine's GPU. */
  | 'hardware'

export interface LaunchChromiumOptions {
  /** Default `none`. */
  readonly gpu?: PageGpu
  /** The Chromium to start; by default the result of `findChromium()`. */
  readonly executablePath?: string
  /** Timestamp queries to the nanosecond instead of rounded to 100 µs, for benchmarks; default false. */
  readonly exactTimestamps?: boolean
}

interface Flag {
  readonly flag: string
  readonly why: string
  /** For which GPUs; default: all three. */
  readonly gpu?: readonly PageGpu[]
  readonly onlyOnLinux?: true
}

/** Every flag beyond puppeteer's own, and the reason for it. */
const FLAGS: readonly Flag[] = [
  {
    flag: '--no-sandbox',
    why: 'the sandbox does not start for root and in most containers; only our own documents are opened',
    onlyOnLinux: true,
  },
  {
    flag: '--no-zygote',
    why: 'the zygote process prepares the sandbox; the packaged Chromium’s own list of flags also leaves it out',
    onlyOnLinux: true,
  },
  {
    flag: '--force-color-profile=srgb',
    why: 'colours read back are the colours drawn, whatever the screen',
  },
  { flag: '--disable-gpu', why: 'no GPU process where none is needed', gpu: ['none'] },
  {
    flag: '--enable-unsafe-webgpu',
    why: 'Chromium offers no WebGPU by default on Linux and no software adapter anywhere',
    gpu: ['software'],
  },
  {
    flag: '--use-webgpu-adapter=swiftshader',
    why: 'only the software adapter',
    gpu: ['software'],
  },
  // All three are needed, or the GPU process dies at the first frame of a canvas drawn by WebGPU.
  {
    flag: '--enable-features=Vulkan',
    why: 'WebGPU canvases are composited on Vulkan',
    gpu: ['software'],
    onlyOnLinux: true,
  },
  {
    flag: '--use-vulkan=swiftshader',
    why: 'uses the Vulkan that comes with Chromium',
    gpu: ['software'],
    onlyOnLinux: true,
  },
  {
    flag: '--use-angle=swiftshader',
    why: 'the compositor uses it too',
    gpu: ['software'],
    onlyOnLinux: true,
  },
  {
    flag: '--enable-unsafe-webgpu',
    why: 'Chromium offers no WebGPU by default on Linux',
    gpu: ['hardware'],
    onlyOnLinux: true,
  },
  {
    flag: '--enable-features=Vulkan',
    why: 'WebGPU on Linux needs Vulkan, which is off by default',
    gpu: ['hardware'],
    onlyOnLinux: true,
  },
  {
    flag: '--use-angle=vulkan',
    why: 'puts the compositor on Vulkan too: with OpenGL it needs a display server, which servers do not have',
    gpu: ['hardware'],
    onlyOnLinux: true,
  },
  {
    flag: '--disable-vulkan-surface',
    why: 'NVIDIA’s driver offers no window surface without a display; frames are copied instead',
    gpu: ['hardware'],
    onlyOnLinux: true,
  },
]

function flagsFor({ gpu = 'none', exactTimestamps = false }: LaunchChromiumOptions): string[] {
  const flags = FLAGS.filter(
    flag =>
      (flag.gpu === undefined || flag.gpu.includes(gpu)) &&
      (!flag.onlyOnLinux || process.platform === 'linux'),
  )
  const timestamps = exactTimestamps ? ['--disable-dawn-features=timestamp_quantization'] : []
  return [...flags.map(({ flag }) => flag), ...timestamps]
}

/** Adds the libraries that the packaged Chromium ships because a bare machine lacks them. */
function libraryPath(executablePath: string): { LD_LIBRARY_PATH?: string } {
  const folder = join(dirname(executablePath), 'lib')
  if (!existsSync(join(folder, 'libnss3.so'))) return {}
  return { LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter) }
}

/**
 * Starts a headless Chromium.
 * @throws {Error} when none is found
 */
export async function launchChromium(options: LaunchChromiumOptions = {}): Promise<Browser> {
  const executablePath = await findChromium(options.executablePath)
  if (!executablePath) throw new Error('no Chromium found: install one, or name one in VOXRISK_CHROMIUM')
  return launch({
    executablePath,
    headless: true, // `--headless=new`, which the headless shell accepts too
    args: flagsFor(options),
    env: { ...process.env, ...libraryPath(executablePath) },
    protocolTimeout: 0, // a document may compute for minutes; callers set their own limits
  })
}
