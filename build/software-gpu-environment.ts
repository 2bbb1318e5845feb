import { delimiter, join } from 'node:path'
import { unpackChromium } from './chromium.ts'

/**
 * The variables that make Dawn's Vulkan back end find the software driver (SwiftShader) and its loader, and
 * nothing else. dlopen() reads LD_LIBRARY_PATH only when a process starts, so they must be passed to a new
 * process. null if the package `@sparticuz/chromium`, which provides them, does not run here.
 */
export async function softwareGpuEnvironment(): Promise<Record<string, string> | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const folder = await unpackChromium()
  const manifest = join(folder, 'vk_swiftshader_icd.json')
  return {
    VK_DRIVER_FILES: manifest,
    VK_ICD_FILENAMES: manifest, // the older name of the same variable
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
  }
}
