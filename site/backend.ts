import type { BackendChoice } from 'voxrisk'

/** The backend requested in the address: `?backend=webgpu` or `?backend=cpu`. */
export function backendChoice(search: string): BackendChoice {
  const asked = new URLSearchParams(search).get('backend')
  return asked === 'webgpu' || asked === 'cpu' ? asked : 'auto'
}
