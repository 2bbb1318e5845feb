import detail from '../../../shaders/detail.wgsl?layer=trades'
import peaks from '../../../shaders/peaks.wgsl?layer=trades'
import release from '../../../shaders/release.wgsl?layer=trades'
import score from '../../../shaders/score.wgsl?layer=trades'
import smooth from '../../../shaders/smooth.wgsl?layer=trades'
import survey from '../../../shaders/survey.wgsl?layer=trades'
import bin from '../../../shaders/trades/bin.wgsl?layer=trades'
import type { LayerShaders } from '../../engine/shader.ts'

/** The steps of trades on a GPU. */
export const tradesShaders: LayerShaders = { bin, smooth, score, detail, survey, peaks, release }
