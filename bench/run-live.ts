/** The parts about a server that is always in step: `webhooks`, `webhooks-backfill`, `webhook-memory`, `edit-to-brevo`, `idle-day`, `live-step`. */
import { measureIdleDays } from './idle-day.ts'
import { measureEdits } from './measure-edit.ts'
import { measureMemory } from './measure-memory.ts'
import { measureReports } from './measure-reports.ts'
import { measureStep } from './measure-step.ts'
import { measureWebhooks, measureWithBackfill, type Row } from './measure-webhooks.ts'

type Part = { readonly title: string; readonly run: (large: boolean) => Promise<readonly Row[]> }

const parts: Readonly<Record<string, Part>> = {
  reports: {
    title:
      'reports over 100,000 deals, 500,000 moves and 500,000 touches (goals: 1 s on a server, 3 s embedded)',
    run: () => measureReports(),
  },
  webhooks: {
    title: 'webhooks accepted, each durable before its answer (goals: 2,000 a second, p99 20 ms)',
    run: () => measureWebhooks(),
  },
  'webhooks-backfill': {
    title: 'the same while the first pass goes on (goals: 500 a second, p99 50 ms)',
    run: (large) => measureWithBackfill(large ? 100_000 : 10_000),
  },
  'edit-to-brevo': {
    title:
      "from an edit in Pipedrive until Brevo shows it, the services' own latency being 0 (goal: p50 1 s)",
    run: (large) => measureEdits(large ? [1_000, 10_000, 100_000] : [1_000, 10_000]),
  },
  'idle-day': {
    title: 'tokens of a day on which nothing happens (goal: hybrid 2,500)',
    run: () => measureIdleDays([1_000, 10_000]),
  },
  'webhook-memory': {
    title: 'memory and store under many webhooks (goal: flat)',
    run: (large) => measureMemory(large ? 1_000_000 : 200_000),
  },
  'live-step': {
    title: 'one step after one edit in a large account, and its dearest statements (embedded store)',
    async run(large) {
      const { steps, statements } = await measureStep(large ? 100_000 : 10_000)
      console.table(steps)
      return statements
    },
  },
}

/** Nothing when `only` names a part of the others. */
export async function runLive({ only, large }: { only: string | undefined; large: boolean }): Promise<void> {
  for (const [name, part] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue
    const rows = await part.run(large)
    console.log(`${name}: ${part.title}`)
    console.table(rows)
  }
}
