/**
 * The code of a thread of `threadedCpuBackend`: the package's entry `voxrisk/cpu-thread`. It runs as a module
 * worker in a document or as a `worker_threads` thread in Node.
 */
import type { MapShape } from '../../engine/steps.ts'
import { layerNamed } from '../../layers/index.ts'
import type { Share } from '../share.ts'
import type { Answer, Call, Message, PostedShape } from './calls.ts'
import { openPort } from './port.ts'
import { Rendezvous } from './rendezvous.ts'
import { ThreadMap } from './thread-map.ts'

const maps = new Map<number, ThreadMap>()
let team: { readonly share: Share; readonly meeting: Rendezvous } | undefined

const port = openPort<Answer>()
port.onmessage = ({ data }) => take(data as Message)

function take(message: Message): void {
  if (message.kind === 'join') {
    const { share, meeting } = message
    team = { share, meeting: new Rendezvous(meeting, share.threads) }
  } else if (message.kind === 'grow') {
    maps.get(message.map)?.grow(message.pool, message.chunk)
  } else {
    port.postMessage(answer(message))
  }
}

function answer(call: Call & { readonly call: number }): Answer {
  try {
    if (call.kind === 'open')
      maps.set(call.map, new ThreadMap(received(call.shape), team!.share, team!.meeting))
    const map = maps.get(call.map)!
    const value = map.answer(call)
    if (call.kind === 'close') maps.delete(call.map)
    return { call: call.call, value, seconds: map.seconds }
  } catch (error) {
    return { call: call.call, error }
  }
}

function received(shape: PostedShape): MapShape {
  const layer = layerNamed(shape.layer)
  if (!layer) throw new Error(`this thread does not know the layer ${shape.layer}`)
  return { ...shape, layer }
}
