/** From an edit in Pipedrive until Brevo shows it, through webhook, inbox, reading again and writing. One edit at a time on a quiet server. */
import type { EditTimes } from './live-sandbox-process.ts'
import { openStage, storesHere } from './live-stage.ts'
import type { Row } from './measure-webhooks.ts'

const edits = 60
const everyMs = 400

export async function measureEdits(sizes: readonly number[]): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const kind of storesHere()) {
    for (const persons of sizes) {
      // Without latency of the vendors: everything that is left is ours (and the simulators' computing).
      const stage = await openStage(kind, { data: { persons }, latencyMs: 0, open: persons > 10_000 })
      try {
        await stage.firstPass()
        await stage.server('settled')
        const { lagsMs, lost, calls } = await stage.sandbox<EditTimes>('edit', { count: edits, everyMs })
        const sorted = [...lagsMs].sort((a, b) => a - b)
        const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
        rows.push({
          store: kind,
          persons,
          edits: lagsMs.length,
          'p50 ms': at(0.5),
          'p90 ms': at(0.9),
          'worst ms': at(1),
          'not arrived': lost,
        })
        console.log(JSON.stringify(rows.at(-1)), JSON.stringify(calls))
      } finally {
        await stage.close()
      }
    }
  }
  return rows
}
