/** Kind of a buffer binding, in the words of `GPUBufferBindingLayout.type`. */
type BufferKind = 'uniform' | 'storage' | 'read-only-storage'

/** What a shader binds: a buffer of a kind, or a depth texture. */
export type BindingKind = BufferKind | 'depth-texture'

/**
 * Byte offsets and sizes of a WGSL struct's fields, read from the WGSL at build time. `float` marks f32s; the
 * rest are integers.
 */
export interface StructLayout {
  /** Name of the struct in WGSL. */
  readonly name: string
  /** Bytes, padding included. */
  readonly size: number
  /** Offset and size in bytes, by field. */
  readonly fields: Record<string, { readonly offset: number; readonly size: number; readonly float?: true }>
}

/**
 * A linked shader with one compute entry, or one vertex and one fragment entry, and the interface read from
 * it at build time.
 */
export interface Shader {
  /** Name of the file without its ending; labels GPU objects. */
  readonly name: string
  /** Linked WGSL. */
  readonly code: string
  /** Names of the entry points. */
  readonly entryPoints: { readonly compute?: string; readonly vertex?: string; readonly fragment?: string }
  /** Number and kind of every binding of group 0, by its name in WGSL. */
  readonly bindings: Record<string, { readonly binding: number; readonly kind: BindingKind }>
  /** Layouts of the structs that the host can write, by name. */
  readonly structs: Record<string, StructLayout>
}

/** The linked shaders of a layer, by the step's name. */
export type LayerShaders = Readonly<
  Record<'bin' | 'smooth' | 'score' | 'detail' | 'survey' | 'peaks' | 'release', Shader>
>
