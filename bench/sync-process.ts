/** One measured sync in a process of its own. Prints one JSON line: the report, CPU time, peak memory, stage times. */
import { readEnvironment } from '../src/config/index.ts'
import { openService } from '../src/service/index.ts'

const service = await openService({ environment: readEnvironment() })
const started = performance.now()
const cpuBefore = process.cpuUsage()
const stages: Record<string, number> = {}
const report = await service.sync({
  onProgress: ({ stage, what }) => {
    stages[`${stage} ${what}`] = Math.round(performance.now() - started)
  },
})
const cpu = process.cpuUsage(cpuBefore)
const wallMs = performance.now() - started
const peakMb = process.resourceUsage().maxRSS / 1024
await service.close()
process.stdout.write(
  `${JSON.stringify({ report, wallMs, cpuMs: (cpu.user + cpu.system) / 1000, peakMb, stages })}\n`,
)
