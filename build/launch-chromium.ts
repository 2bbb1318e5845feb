import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { type Browser, launch } from 'puppeteer-core'
import { findChromium } from './chromium.ts'

/** What WebGPU in the pages runs on. */
export type PageGpu =
  /** Nothing: pages have no adapter. */
  | 'none'
  /** SwiftShader, which comes with Chromium and renders on the CPU. */
  | 'software'
  /** The machine's GPU. */
  | 'hardware'

export interface LaunchChromiumOptions {
  /** Default `none`. */
  readonly gpu?: PageGpu
  /** The Chromium to start; by default what `findChromium()` finds. */
  readonly executablePath?: string
  /** Timestamp queries to the nanosecond instead of rounded to 100 µs, for benchmarks; default false. */
  readonly exactTimestamps?: boolean
}

interface Flag {
  readonly flag: string
  readonly why: string
  /** Default: all three. */
  readonly gpu?: readonly PageGpu[]
  readonly onlyOnLinux?: true
}

/** Every flag over those of puppeteer itself, and why it is there. */
const FLAGS: readonly Flag[] = [
  {
    flag: '--no-sandbox',
    why: 'the sandbox does not start for root and in most containers; only pages of our own are opened',
    onlyOnLinux: true,
  },
  {
    flag: '--no-zygote',
    why: 'the zygote process prepares the sandbox; the packaged Chromium’s own list of flags goes without it',
    onlyOnLinux: true,
  },
  {
    flag: '--force-color-profile=srgb',
    why: 'colours that are read back are those that were drawn, whatever the screen',
  },
  { flag: '--disable-gpu', why: 'no GPU process for pages that need none', gpu: ['none'] },
  {
    flag: '--enable-unsafe-webgpu',
    why: 'Chromium offers no WebGPU by default on Linux and no software adapter anywhere',
    gpu: ['software'],
  },
  {
    flag: '--use-webgpu-adapter=swiftshader',
    why: 'the software adapter and no other',
    gpu: ['software'],
  },
  // These three together, or the GPU process ends with the first frame of a canvas that WebGPU draws into.
  {
    flag: '--enable-features=Vulkan',
    why: 'canvases of WebGPU are composited on Vulkan',
    gpu: ['software'],
    onlyOnLinux: true,
  },
  {
    flag: '--use-vulkan=swiftshader',
    why: 'on the Vulkan that comes with Chromium',
    gpu: ['software'],
    onlyOnLinux: true,
  },
  {
    flag: '--use-angle=swiftshader',
    why: 'and the compositor on the same',
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
    why: 'WebGPU on Linux stands on Vulkan, which is off by default',
    gpu: ['hardware'],
    onlyOnLinux: true,
  },
  {
    flag: '--use-angle=vulkan',
    why: 'the compositor on Vulkan too: through OpenGL it looks for a display server, which a server does not have',
    gpu: ['hardware'],
    onlyOnLinux: true,
  },
  {
    flag: '--disable-vulkan-surface',
    why: 'NVIDIA’s driver gives no window surface without a display; frames are copied instead',
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

/** The packaged Chromium comes with libraries that a bare machine lacks. */
function libraryPath(executablePath: string): { LD_LIBRARY_PATH?: string } {
  const folder = join(dirname(executablePath), 'lib')
  if (!existsSync(join(folder, 'libnss3.so'))) return {}
  return { LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter) }
}

/**
 * Starts a headless Chromium.
 * @throws {Error} when there is none
 */
export async function launchChromium(options: LaunchChromiumOptions = {}): Promise<Browser> {
  const executablePath = await findChromium(options.executablePath)
  if (!executablePath) throw new Error('no Chromium found: install one, or name one in VOXRISK_CHROMIUM')
  return launch({
    executablePath,
    headless: true, // `--headless=new`, which the headless shell takes as well
    args: flagsFor(options),
    env: { ...process.env, ...libraryPath(executablePath) },
    protocolTimeout: 0, // a page may compute for minutes; whoever waits has a limit of his own
  })
}
