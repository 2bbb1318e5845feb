/** A style sheet as text. Never part of an exported type. */
declare module '*.css?inline' {
  const css: string
  export default css
}
