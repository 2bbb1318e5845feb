/** WebGPU's flag values, fixed by the specification. The objects that name them are not globals in Node. */
export const COMPUTE_STAGE = 4
/** Vertex and fragment. */
export const DRAW_STAGES = 3
export const MAP_READ = 1
export const Usage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
  queryResolve: 0x200,
} as const

/** Most workgroups that every device allows along one axis of a dispatch, which uses one for each page. */
export const MOST_WORKGROUPS = 65_535
