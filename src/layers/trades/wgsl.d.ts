/** A shader linked with this layer, see build/wgsl-plugin.ts. */
declare module '*.wgsl?layer=trades' {
  const shader: import('../../engine/shader.ts').Shader
  export default shader
}
