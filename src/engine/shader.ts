/** Kind of a buffer binding, in the words of `GPUBufferBindingLayout.type`. */
type BufferKind = 'uniform' | 'storage' | 'read-only-storage'

/** What a shader binds: a buffer of a kind, or a depth texture. */
export type BindingKind = BufferKind | 'depth-texture'

/** Where the fields of a WGSL struct lie: byte offsets and sizes, read from the WGSL when building; `float` for f32s, else integers. */
export interface StructLayout {
  readonly name: string
  readonly size: number
  readonly fields: Record<string, { readonly offset: number; readonly size: number; readonly float?: true }>
}

/** A linked shader, of one compute entry or of a vertex and a fragment entry, with the interface read from it when building. */
export interface Shader {
  readonly name: string
  readonly code: string
  readonly entryPoints: { readonly compute?: string; readonly vertex?: string; readonly fragment?: string }
  readonly bindings: Record<string, { readonly binding: number; readonly kind: BindingKind }>
  readonly structs: Record<string, StructLayout>
}

/** The linked shaders of a layer, by the step's name. */
export type LayerShaders = Readonly<
  Record<'bin' | 'smooth' | 'score' | 'detail' | 'survey' | 'peaks' | 'release', Shader>
>
