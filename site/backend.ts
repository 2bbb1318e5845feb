import type { BackendChoice } from 'voxrisk'

/** What the address asks for: `?backend=webgpu` or `?backend=cpu`. */
export function backendChoice(search: string): BackendChoice {
  const asked = new URLSearchParams(search).get('backend')
  return asked === 'webgpu' || asked === 'cpu' ? asked : 'auto'
}
