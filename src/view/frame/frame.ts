import type { Theme } from '../../show/colours.ts'
import type { ViewMeasure, ViewSize } from '../types.ts'
import type { Extent, Geometry } from './geometry.ts'

/** What of a voxel is drawn, and how. */
export interface SceneLook {
  readonly measure: ViewMeasure
  readonly size: ViewSize
  /** Measures below it are no part of the volume. */
  readonly threshold: number
  /** The measure at the upper end of the palette. */
  readonly top: number
  readonly theme: Theme
}

/** A part of the map in absolute bins, which may have fractions. */
export interface BinWindow {
  readonly fromSlab: number
  readonly toSlab: number
  readonly lowBin: number
  readonly highBin: number
}

/** Colours of lines and text, as CSS knows them. */
export interface Inks {
  readonly background: string
  readonly text: string
  readonly muted: string
  /** Grid lines. */
  readonly grid: string
  /** Markers of hotspots, and the one chosen. */
  readonly marker: string
  readonly accent: string
  /** Of bought and of sold volume in footprints. */
  readonly bought: string
  readonly sold: string
  /** CSS font of labels. */
  readonly font: string
}

/** All that one frame is drawn from. */
export interface Frame {
  readonly geometry: Geometry
  readonly extent: Extent
  readonly window: BinWindow
  readonly look: SceneLook
  readonly inks: Inks
  /** Of the canvas, in CSS pixels. */
  readonly width: number
  readonly height: number
  /** Device pixels a CSS pixel. */
  readonly ratio: number
}
