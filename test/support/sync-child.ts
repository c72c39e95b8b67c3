/**
 * A program for crash tests: opens the service that the environment describes and syncs once, telling when it begins
 * and printing the report at the end. It may be killed at any moment.
 */
import fs from 'node:fs'
import { readEnvironment } from '../../src/config/index.ts'
import { openService } from '../../src/service/index.ts'

const service = await openService({ environment: readEnvironment(process.env) })
fs.writeSync(1, 'begun\n')
const report = await service.sync({ full: process.argv[2] === 'full' })
fs.writeSync(1, `${JSON.stringify(report)}\n`)
await service.close()
