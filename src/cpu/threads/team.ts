import { VoxriskError } from '../../errors.ts'
import type { Answer, Answers, Call, Done, Join, Message } from './calls.ts'
import { Rendezvous } from './rendezvous.ts'
import type { Thread } from './thread.ts'

interface PendingCall {
  /** By thread number. */
  readonly answers: Done<unknown>[]
  /** Number of threads that have not answered yet. */
  missing: number
  readonly resolve: (answers: never) => void
  readonly reject: (error: VoxriskError) => void
}

/**
 * The threads of a backend. They get the same calls in the same order, and a call is done when all have
 * answered. If one thread fails, all are ended, because the others may be waiting for it. Threads keep a
 * process alive only during a call.
 */
export class Team {
  private readonly threads: Thread[] = []
  private readonly calls = new Map<number, PendingCall>()
  private lastCall = 0
  private failure: VoxriskError | null = null

  /** @throws {VoxriskError} `no-threads` when `spawn` throws */
  constructor(
    readonly size: number,
    spawn: () => Thread,
  ) {
    const meeting = new SharedArrayBuffer(Rendezvous.bytes)
    try {
      for (let thread = 0; thread < size; thread++) {
        const started = spawn()
        this.threads.push(started)
        started.addEventListener('message', ({ data }) => this.take(thread, data as Answer))
        for (const type of ['error', 'messageerror'] as const) {
          started.addEventListener(type, ({ message }) =>
            this.fail(thread, message || 'its script could not be loaded, or a message was lost'),
          )
        }
        started.postMessage({ kind: 'join', share: { thread, threads: size }, meeting } satisfies Join)
      }
    } catch (cause) {
      for (const thread of this.threads) thread.terminate()
      throw new VoxriskError(
        'no-threads',
        `thread ${this.threads.length + 1} of ${size} cannot be started: ${(cause as Error).message}`,
        'Use fewer threads, or one.',
        { cause, settings: ['threads'] },
      )
    }
  }

  /** @throws {VoxriskError} the error that ended the team */
  check(): void {
    if (this.failure) throw this.failure
  }

  /** Asks all threads. Resolves with their answers by thread number; rejects if the team is ended first. */
  call<Kind extends keyof Answers>(call: Extract<Call, { kind: Kind }>): Promise<Done<Answers[Kind]>[]> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure)
      if (this.calls.size === 0) for (const thread of this.threads) thread.ref?.()
      const number = ++this.lastCall
      this.calls.set(number, { answers: [], missing: this.size, resolve, reject })
      this.post({ ...(call as Call), call: number })
    })
  }

  /** Sends all threads a message without waiting for an answer. */
  post(message: Message): void {
    for (const thread of this.threads) thread.postMessage(message)
  }

  /** Ends the threads even while they are working. Unfinished calls reject. */
  destroy(): void {
    this.end(new VoxriskError('bad-state', 'the backend was destroyed', 'Make a new one.'))
  }

  private take(thread: number, answer: Answer): void {
    if ('error' in answer) this.fail(thread, String((answer.error as Error)?.message), answer.error)
    const call = this.calls.get(answer.call)
    if (!call || 'error' in answer) return
    call.answers[thread] = answer
    if (--call.missing > 0) return
    this.calls.delete(answer.call)
    if (this.calls.size === 0) for (const other of this.threads) other.unref?.()
    call.resolve(call.answers as never)
  }

  private fail(thread: number, why: string, cause?: unknown): void {
    this.end(
      new VoxriskError(
        'thread-lost',
        `thread ${thread + 1} of ${this.size} of the cpu backend failed: ${why}`,
        'Make a new backend and feed the map again. If it happens again, use one thread and report it.',
        { cause, settings: ['threads'] },
      ),
    )
  }

  private end(error: VoxriskError): void {
    if (this.failure) return
    this.failure = error
    for (const thread of this.threads) thread.terminate()
    for (const { reject } of this.calls.values()) reject(error)
    this.calls.clear()
  }
}
