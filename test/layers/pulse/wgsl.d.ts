declare module '*.wgsl?layer=pulse' {
  const shader: import('../../../src/engine/shader.ts').Shader
  export default shader
}
