/**
 * A program for tests of shared tokens: opens the service that the environment describes, and for every line on stdin calls
 * Pipedrive so many times at once and prints how each call ended. It may be killed at any moment.
 */
import fs from 'node:fs'
import { createInterface } from 'node:readline'
import { readEnvironment } from '../../src/config/index.ts'
import { openService } from '../../src/service/index.ts'

const service = await openService({ environment: readEnvironment(process.env) })
fs.writeSync(1, 'open\n')
for await (const line of createInterface({ input: process.stdin })) {
  const views = await Promise.all(
    Array.from({ length: Number(line) }, () => service.connections.test('pipedrive')),
  )
  fs.writeSync(1, `${JSON.stringify(views.map(({ state, detail }) => (state === 'ok' ? state : detail)))}\n`)
}
await service.close()
