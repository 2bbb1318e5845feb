import { expect, test } from 'vitest'
import { type FrameClock, Player } from '../../site/player.ts'

/** A clock whose time and frames the test controls. */
class FakeClock implements FrameClock {
  time = 1000
  private waiting: (() => void)[] = []

  get frames(): number {
    return this.waiting.length
  }

  now(): number {
    return this.time
  }

  request(callback: () => void): () => void {
    this.waiting.push(callback)
    return () => {
      this.waiting = this.waiting.filter(other => other !== callback)
    }
  }

  /** Advances wall time and runs the requested frames. */
  async pass(ms: number): Promise<void> {
    this.time += ms
    const due = this.waiting
    this.waiting = []
    for (const callback of due) callback()
    await settled()
  }
}

const settled = () => new Promise(resolve => setTimeout(resolve))

function playerOn(advance: (time: number) => Promise<void> = async () => {}) {
  const clock = new FakeClock()
  const shown: number[] = []
  const errors: unknown[] = []
  const player = new Player({
    clock,
    advance: time => {
      shown.push(time)
      return advance(time)
    },
    onChange: () => {},
    onError: error => errors.push(error),
  })
  player.load(0, 100e6, 20e6)
  return { clock, player, shown, errors }
}

test('plays at a multiple of its own time and asks for no frame when paused', async () => {
  const { clock, player, shown } = playerOn()
  expect(clock.frames).toBe(0)
  player.speed = 10
  await player.play()
  await clock.pass(100)
  expect(player.time).toBe(20e6 + 10 * 100_000)
  player.speed = 60
  await clock.pass(50)
  expect(player.time).toBe(21e6 + 60 * 50_000)
  player.pause()
  expect(clock.frames).toBe(0)
  await clock.pass(500)
  expect(shown).toEqual([21e6, 24e6])
  expect(player.playing).toBe(false)
})

test('stops at the end, and plays again from the beginning', async () => {
  const { clock, player, shown } = playerOn()
  player.speed = 1000
  await player.play()
  await clock.pass(200)
  expect(player.time).toBe(100e6)
  expect(player.playing).toBe(false)
  expect(clock.frames).toBe(0)
  await player.play()
  expect(player.time).toBe(0)
  expect(shown).toEqual([100e6, 0])
  await clock.pass(10)
  expect(player.time).toBe(10e6)
})

test('a long step is waited for, and the clock then skips at most a quarter of a second', async () => {
  let finish = () => {}
  const { clock, player } = playerOn(
    () =>
      new Promise<void>(resolve => {
        finish = resolve
      }),
  )
  player.speed = 1
  await player.play()
  await clock.pass(100)
  expect(player.time).toBe(20.1e6)
  expect(clock.frames).toBe(0)
  clock.time += 60_000
  finish()
  await settled()
  expect(clock.frames).toBe(1)
  await clock.pass(0)
  expect(player.time).toBe(20.35e6)
})

test('a jump goes to its target, within the span, and a replay continues from there', async () => {
  const { clock, player, shown } = playerOn()
  await player.seek(200e6)
  expect(player.time).toBe(100e6)
  await player.seek(-1)
  expect([player.time, player.playing, clock.frames]).toEqual([0, false, 0])
  player.speed = 1
  await player.play()
  await player.seek(50e6)
  await clock.pass(100)
  expect(shown).toEqual([100e6, 0, 50e6, 50.1e6])
})

test('a jump ends the step under way', async () => {
  const finish: (() => void)[] = []
  const { clock, player, shown } = playerOn(() => new Promise<void>(resolve => finish.push(resolve)))
  player.speed = 1
  await player.play()
  await clock.pass(100)
  const jump = player.seek(50e6)
  finish[0]()
  await settled()
  expect(clock.frames).toBe(0)
  finish[1]()
  await jump
  expect(clock.frames).toBe(1)
  expect(shown).toEqual([20.1e6, 50e6])
})

test('an error stops it and is reported', async () => {
  const { clock, player, errors } = playerOn(async () => {
    throw new Error('overflow')
  })
  await player.play()
  await clock.pass(100)
  expect(errors).toEqual([new Error('overflow')])
  expect([player.playing, clock.frames]).toEqual([false, 0])
})
