import type { CSSProperties, DetailedHTMLProps, HTMLAttributes, Ref } from 'react'
import type { Hotspot, RiskMap } from 'voxrisk'
import {
  defineRiskView,
  type RiskViewElement,
  type RiskViewEvents,
  type ViewMeasure,
  type ViewMode,
  type ViewRange,
  type ViewTheme,
} from 'voxrisk/view'

defineRiskView()

/** What React sets on the element: its properties, and `on` followed by an event name. */
type ElementProps = DetailedHTMLProps<HTMLAttributes<RiskViewElement>, RiskViewElement> &
  Partial<Pick<RiskViewElement, 'map' | 'mode' | 'measure' | 'theme' | 'controls' | 'list' | 'label'>> & {
    [Name in keyof RiskViewEvents as `on${Name}`]?: (event: RiskViewEvents[Name]) => void
  }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'voxrisk-view': ElementProps
    }
  }
}

export interface RiskViewProps {
  /** Borrowed: whoever created it destroys it, after this component has unmounted. */
  readonly map: RiskMap | null
  readonly mode?: ViewMode
  readonly measure?: ViewMeasure
  readonly theme?: ViewTheme
  readonly controls?: boolean
  readonly list?: boolean
  readonly label?: string
  readonly onHotspotSelect?: (hotspot: Hotspot | null) => void
  readonly onRangeChange?: (range: ViewRange | null) => void
  readonly onError?: (error: Error) => void
  readonly className?: string
  readonly style?: CSSProperties
  /** The element itself, for `reset()`, `toBlob()` and so on. */
  readonly ref?: Ref<RiskViewElement>
}

/**
 * `<voxrisk-view>` with typed props. The defaults are the element's own, because React sets a prop that goes
 * away to `undefined`.
 */
export function RiskView({
  mode = 'volume',
  measure = 'score',
  theme = 'auto',
  controls = false,
  list = false,
  label = 'Risk map',
  onHotspotSelect,
  onRangeChange,
  onError,
  ...others
}: RiskViewProps) {
  return (
    <voxrisk-view
      {...others}
      {...{ mode, measure, theme, controls, list, label }}
      onhotspot-select={({ detail }) => onHotspotSelect?.(detail.hotspot)}
      onrange-change={({ detail }) => onRangeChange?.(detail.range)}
      onerror={({ detail }) => onError?.(detail.error)}
    />
  )
}
