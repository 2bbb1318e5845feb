import type { LayerShaders } from 'voxrisk/engine'
import detail from '../../../shaders/detail.wgsl?layer=pulse'
import peaks from '../../../shaders/peaks.wgsl?layer=pulse'
import release from '../../../shaders/release.wgsl?layer=pulse'
import score from '../../../shaders/score.wgsl?layer=pulse'
import smooth from '../../../shaders/smooth.wgsl?layer=pulse'
import survey from '../../../shaders/survey.wgsl?layer=pulse'
import bin from './bin.wgsl?layer=pulse'

export const pulseShaders: LayerShaders = { bin, smooth, score, detail, survey, peaks, release }
