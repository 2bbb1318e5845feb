export type { CellFacts, ViewMeasure, ViewMode, ViewPick, ViewRange, ViewSize } from './types.ts'
