/** WebGPU's flags by value, because Node has no globals that name them. */
export const MAP_READ = 1
export const BufferUsage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, queryResolve: 0x200 } as const
export const TextureUsage = { copySource: 0x1, renderTarget: 0x10 } as const
