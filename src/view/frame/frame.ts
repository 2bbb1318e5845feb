import type { Theme } from '../../show/colours.ts'
import type { ViewMeasure, ViewSize } from '../types.ts'
import type { Extent, Geometry } from './geometry.ts'

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

/** A part of the map in absolute bins, possibly fractional. */
export interface BinWindow {
  readonly fromSlab: number
  readonly toSlab: number
  readonly lowBin: number
  readonly highBin: number
}

/** CSS colours of lines and text, and the font. */
export interface Inks {
  readonly background: string
  readonly text: string
  readonly muted: string
  /** Grid lines. */
  readonly grid: string
  /** Markers of hotspots; `accent` marks the selected and the hovered one. */
  readonly marker: string
  readonly accent: string
  /** Bought and sold volume in footprints. */
  readonly bought: string
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
