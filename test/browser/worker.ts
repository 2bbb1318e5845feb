import { runTask, type TaskReply, type TaskRequest } from './tasks.ts'

addEventListener('message', async ({ data, ports: [port] }: MessageEvent<TaskRequest>) => {
  let reply: TaskReply
  try {
    reply = { result: await runTask(data) }
  } catch (error) {
    reply = { error: String((error as Error).stack ?? error) }
  }
  port.postMessage(reply)
})

postMessage('ready')
