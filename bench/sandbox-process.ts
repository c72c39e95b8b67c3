/** A sandbox in a process of its own, so that what it costs is not counted as ours. Talks over Node's process channel. */
import { createSandbox } from '../src/simulators/index.ts'

const [persons = '1000', latencyMs = '150', name = ''] = process.argv.slice(2)
const data = name === 'messy' ? 'messy' : name === 'large' ? 'large' : { persons: Number(persons) }
const sandbox = await createSandbox({ data, latencyMs: Number(latencyMs), plan: 'lite' })
const started = await sandbox.start()
process.send?.({ environment: started.environment, yaml: started.yaml })
process.on('disconnect', () => process.exit(0))
