/** Copies one typed array into another `times` times on this thread. Returns the seconds it took. */
export function copyOnCpu(from: Float64Array, to: Float64Array, times: number): number {
  const start = performance.now()
  for (let i = 0; i < times; i++) {
    if (i % 2 === 0) to.set(from)
    else from.set(to)
  }
  return (performance.now() - start) / 1000
}
