import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, it } from 'vitest'
import { createActivity } from './activity.ts'

it('who reads nothing is cut off before much is kept for it, and the others are told everything', async () => {
  const activity = createActivity({ mostUnreadBytes: 100_000 })
  const answers: ServerResponse[] = []
  const server = createServer((_, response) => {
    answers.push(response)
    activity.follow(response, null, null)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const slow = connect(port, '127.0.0.1').pause()
  slow.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const reader = await fetch(`http://127.0.0.1:${port}/`)
  await expect.poll(() => answers.length).toBe(2)
  const [lazy] = answers
  let most = 0
  for (let n = 0; n < 50_000 && lazy?.destroyed === false; n += 1) {
    activity.tell({ level: 'info', event: `n${n}`, message: 'word '.repeat(80), details: {} })
    most = Math.max(most, lazy.writableLength)
    if (n % 20 === 0) await new Promise(setImmediate)
  }
  expect(lazy?.destroyed).toBe(true)
  expect(most).toBeLessThan(200_000)
  activity.tell({ level: 'info', event: 'last', message: 'last', details: {} })
  activity.close()
  expect(await reader.text()).toContain('"last"')
  slow.destroy()
  server.close()
})
