/** A linked shader: see build/wgsl-plugin.ts. Never part of an exported type. */
declare module '*.wgsl' {
  const shader: import('./shader.ts').Shader
  export default shader
}
