/** How long reports take over a large account: 100,000 deals, 500,000 moves, 500,000 touches, on both engines. */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { attributionReport, pipelineReport } from '../src/reports/index.ts'
import {
  keepCatalogue,
  openStore,
  readConnection,
  refreshStatistics,
  type Store,
  updateConnection,
} from '../src/store/index.ts'
import { startPostgres, whyNoPostgres } from '../test/support/postgres-server.ts'

const C = 'default'
const deals = 100_000
const persons = 60_000
const touches = 500_000
const movesPerDeal = 5
const stages = 6
const times = 5
const now = new Date('2026-06-30T12:00:00Z')
const settings = { rates: { USD: 0.9 }, now }

const questions: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ['pipeline, 90 days', (store) => pipelineReport(store, C, {}, settings)],
  [
    'pipeline, 90 days, by a field of the person',
    (store) => pipelineReport(store, C, { by: 'person.source' }, settings),
  ],
  ['pipeline, two years', (store) => pipelineReport(store, C, { from: '2024-07-01' }, settings)],
  [
    'pipeline, two years, by owner',
    (store) => pipelineReport(store, C, { from: '2024-07-01', by: 'owner' }, settings),
  ],
  [
    'pipeline, two years, by a field of the person',
    (store) => pipelineReport(store, C, { from: '2024-07-01', by: 'person.source' }, settings),
  ],
  ['attribution, 90 days', (store) => attributionReport(store, C, {}, settings)],
  ['attribution, two years', (store) => attributionReport(store, C, { from: '2024-07-01' }, settings)],
  [
    'attribution, two years, with opens',
    (store) => attributionReport(store, C, { from: '2024-07-01', opens: 'human' }, settings),
  ],
]

export async function measureReports(): Promise<readonly Record<string, string | number>[]> {
  const rows: Record<string, string | number>[] = []
  const directory = await mkdtemp(join(tmpdir(), 'tajo-bench-'))
  try {
    rows.push(...(await measureOn('embedded', await openStore({ dataDir: directory }))))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  if (whyNoPostgres() !== undefined) return rows
  const server = await startPostgres({ durable: true })
  try {
    const databaseUrl = await server.createDatabase()
    rows.push(...(await measureOn('PostgreSQL', await openStore({ dataDir: '', databaseUrl }))))
  } finally {
    await server.stop()
  }
  return rows
}

async function measureOn(name: string, store: Store): Promise<Record<string, string | number>[]> {
  try {
    const startedMs = performance.now()
    await fill(store)
    if (process.env.BENCH_STAGES) console.error(name, 'filled', Math.round(performance.now() - startedMs))
    const rows: Record<string, string | number>[] = []
    for (const [question, ask] of questions) {
      const taken: number[] = []
      const cpu: number[] = []
      for (let time = 0; time < times; time++) {
        const [startedMs, usedMs] = [performance.now(), cpuMs()]
        await ask(store)
        taken.push(performance.now() - startedMs)
        cpu.push(cpuMs() - usedMs)
      }
      taken.sort((a, b) => a - b)
      cpu.sort((a, b) => a - b)
      if (process.env.BENCH_STAGES) console.error(name, question, taken.map(Math.round), cpu.map(Math.round))
      rows.push({
        store: name,
        report: question,
        'median, ms': Math.round(taken[Math.floor(times / 2)] ?? 0),
        'worst, ms': Math.round(taken.at(-1) ?? 0),
        'CPU, median, ms': Math.round(cpu[Math.floor(times / 2)] ?? 0),
      })
    }
    return rows
  } finally {
    await store.close()
  }
}

/** Two years of deals, evenly; two fifths open, two fifths won, one lost. Rows are made by the database itself. */
async function fill(store: Store): Promise<void> {
  const { db } = store
  await readConnection(db, C)
  await updateConnection(db, C, { told_since: new Date('2026-05-01') })
  await keepCatalogue(
    db,
    C,
    {
      personFields: [
        {
          key: 'source',
          name: 'Source',
          type: 'option',
          custom: true,
          options: { 1: 'Web', 2: 'Fair', 3: 'Friend' },
        },
      ],
      organizationFields: [],
      dealFields: [],
      pipelines: [{ id: 1, name: 'Sales' }],
      stages: Array.from({ length: stages }, (_, index) => ({
        id: index + 1,
        name: `Stage ${index + 1}`,
        pipelineId: 1,
        order: index + 1,
      })),
      users: { 1: 'One', 2: 'Two', 3: 'Three' },
      defaultCurrency: 'EUR',
    },
    now,
  )
  await sql`insert into records (connection, entity, id, doc, fingerprint, identity)
    select ${C}, 'person', n::text, jsonb_build_object('emails', jsonb_build_array(jsonb_build_object('value', n || '@x.test',
      'primary', true)), 'fields', jsonb_build_object('name', jsonb_build_object('kind', 'text', 'text', 'Person ' || n), 'source',
      jsonb_build_object('kind', 'option', 'id', (1 + n % 3)::text))), n::text, n || '@x.test'
    from generate_series(1, ${persons}::int) n`.execute(db)
  await sql`insert into known (connection, contact_id, email, attributes, lists, email_blocked, sms_blocked)
    select ${C}, n, n || '@x.test', '{}', '{}', false, false from generate_series(1, ${persons}::int) n`.execute(
    db,
  )
  await sql`insert into links (connection, person_id, contact_id) select ${C}, n, n
    from generate_series(1, ${persons}::int) n where n % 10 > 0`.execute(db)
  await sql`insert into deals (connection, deal_id, person_id, owner_id, pipeline_id, stage_id, status, value, currency,
      added_at, stage_at, closed_at, deleted)
    select ${C}, n, 1 + n % ${persons}::int, 1 + n % 3, 1, 1 + n % ${stages}::int,
      (array['open', 'won', 'won', 'lost', 'open'])[1 + n % 5], (n % 1000) * 10.5, case when n % 7 = 0 then 'USD' else 'EUR' end,
      added, added + interval '20 days', case when n % 5 in (1, 2, 3) then added + interval '30 days' end, false
    from generate_series(1, ${deals}::int) n,
      lateral (select timestamptz '2024-07-01' + n * interval '1 day' * 690 / ${deals}::int as added) a`.execute(
    db,
  )
  await sql`insert into transitions (connection, deal_id, kind, from_stage, to_stage, from_pipeline, to_pipeline, from_status,
      to_status, value, currency, at, days_in_stage, noticed_by)
    select ${C}, d.deal_id, 'stage', 1 + (d.deal_id + m) % ${stages}::int, 1 + (d.deal_id + m + 1) % ${stages}::int, 1, 1, 'open',
      'open', d.value, d.currency, d.added_at + m * interval '4 days', 4 + (d.deal_id % 17) / 10.0, 'changelog'
    from deals d, generate_series(0, ${movesPerDeal - 1}::int) m order by d.added_at, m`.execute(db)
  await sql`insert into touches (connection, contact_id, campaign_id, kind, at, source)
    select ${C}, 1 + (n::bigint * 7919) % ${persons}::int, 1 + n % 40, (array['clicked', 'opened', 'delivered'])[1 + n % 3],
      timestamptz '2024-07-01' + n * interval '1 day' * 720 / ${touches}::int, 'webhook'
    from generate_series(1, ${touches}::int) n on conflict do nothing`.execute(db)
  await sql`insert into campaigns (connection, id, name) select ${C}, n, 'Campaign ' || n from generate_series(1, 40) n`.execute(
    db,
  )
  await refreshStatistics(db)
  await store.maintain()
}

/** What this process, the engine and the server have used together: on a busy machine a better measure than the clock's. */
function cpuMs(): number {
  try {
    const processes = new Map<number, { parent: number; ticks: number }>()
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const fields = statOf(name)
      if (fields === null) continue
      // Parent, then user and system time of its own and of the children that have ended.
      const [parent = 0, own = 0, system = 0, children = 0, theirSystem = 0] = [1, 11, 12, 13, 14].map(
        (place) => Number(fields[place]),
      )
      processes.set(Number(name), { parent, ticks: own + system + children + theirSystem })
    }
    const isOurs = (pid: number): boolean =>
      pid === process.pid || (processes.has(pid) && isOurs(processes.get(pid)?.parent ?? 0))
    const ticks = [...processes].reduce((sum, [pid, { ticks: some }]) => sum + (isOurs(pid) ? some : 0), 0)
    return ticks * 10
  } catch {
    // Only Linux tells.
    return Number.NaN
  }
}

/** What follows the name in `/proc/<pid>/stat`; null for a process that has just ended. */
function statOf(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}
