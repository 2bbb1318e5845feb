/** A thread's number, from 0, among `threads`. Each raw slot belongs to one thread, its only writer. */
export interface Share {
  readonly thread: number
  readonly threads: number
}

/** Whether a slot is in a thread's share. */
export function owns({ thread, threads }: Share, slot: number): boolean {
  return slot % threads === thread
}
