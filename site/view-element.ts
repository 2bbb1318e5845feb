import type { Hotspot } from '../src/map/hotspots.ts'
import type { RiskMap } from '../src/map/risk-map.ts'
export interface RiskViewElement extends HTMLElement {
  map: RiskMap | null
  hotspots: readonly Hotspot[]
  theme: string
  mode: string
  toBlob(type?: string): Promise<Blob>
}
