/** Which of `threads` threads, numbered from 0, writes to a raw slot: each slot has one. */
export interface Share {
  readonly thread: number
  readonly threads: number
}

/** Whether a slot is in a thread's share. */
export function owns({ thread, threads }: Share, slot: number): boolean {
  return slot % threads === thread
}
