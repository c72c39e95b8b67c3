/**
 * A program for doorway tests: opens the service that the environment describes and answers other commands on its data
 * directory, until SIGTERM. It syncs nothing by itself, and may be killed at any moment.
 */
import fs from 'node:fs'
import { readEnvironment } from '../../src/config/index.ts'
import { openService } from '../../src/service/index.ts'

const service = await openService({ environment: readEnvironment(process.env), serve: true })
const alive = setInterval(() => {}, 60_000)
process.once('SIGTERM', () => {
  clearInterval(alive)
  service.close().then(
    () => fs.writeSync(1, 'closed\n'),
    (error: unknown) => {
      fs.writeSync(2, `${error}\n`)
      process.exitCode = 1
    },
  )
})
fs.writeSync(1, 'serving\n')
