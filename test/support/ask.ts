import { inject } from 'vitest'

/** Asks for what all test files of the run share; see test/support/workshop.ts. */
export async function askWorkshop(path: string): Promise<string> {
  const response = await fetch(`${inject('workshop')}${path}`)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}
