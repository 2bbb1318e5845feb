import type { Theme } from '../../show/colours.ts'
import type { ViewMeasure, ViewSize } from '../types.ts'
import type { BinWindow, Extent, Geometry } from './geometry.ts'

/** What is drawn of a voxel, and how. */
export interface SceneLook {
  readonly measure: ViewMeasure
  readonly size: ViewSize
  /** Voxels with a measure below it are left out of the volume. */
  readonly threshold: number
  /** The measure at the upper end of the palette. */
  readonly top: number
  readonly theme: Theme
}

/** CSS colours of lines and text, and the font. */
export interface Inks {
  /** Behind everything. */
  readonly background: string
  /** Labels. */
  readonly text: string
  /** Titles of axes and other quiet text. */
  readonly muted: string
  /** Grid lines. */
  readonly grid: string
  /** Markers of hotspots. */
  readonly marker: string
  /** Markers of the hotspots selected and hovered. */
  readonly accent: string
  /** Bought volume in footprints. */
  readonly bought: string
  /** Sold volume in footprints. */
  readonly sold: string
  /** CSS font of labels. */
  readonly font: string
}

/** Everything one frame is drawn from. */
export interface Frame {
  readonly geometry: Geometry
  readonly extent: Extent
  readonly window: BinWindow
  readonly look: SceneLook
  readonly inks: Inks
  /** Size of the canvas in CSS pixels. */
  readonly width: number
  readonly height: number
  /** Device pixels per CSS pixel. */
  readonly ratio: number
}
