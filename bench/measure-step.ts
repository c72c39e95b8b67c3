/** One step of a server over a large account of which one person was edited: how long it takes, and which statements. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { loadConfig, readEnvironment } from '../src/config/index.ts'
import { brevoAccess, pipedriveAccess, readStored } from '../src/service/clients.ts'
import { openService } from '../src/service/index.ts'
import { createSecretBox } from '../src/service/secrets.ts'
import { toSyncSettings } from '../src/service/sync-settings.ts'
import { createSandbox, oneWay } from '../src/simulators/index.ts'
import { noteHints, openStore } from '../src/store/index.ts'
import { liveStep, type RunContext, resolveAccounts } from '../src/sync/index.ts'
import type { Row } from './measure-webhooks.ts'
import { dearest, watchStatements } from './statement-times.ts'

const connection = 'default'
const steps = 5

export async function measureStep(
  persons: number,
): Promise<{ steps: readonly Row[]; statements: readonly Row[] }> {
  const statements = watchStatements()
  const dataDir = await mkdtemp(join(tmpdir(), 'tajo-bench-'))
  const sandbox = await createSandbox({
    data: { persons },
    pipedrive: { limits: { burst: 100_000, dailyTokens: 100_000_000, deals: 300_000 } },
    brevo: { limits: { contacts: {}, events: {}, other: {} } },
  })
  const { environment, yaml } = await sandbox.start()
  const file = join(dataDir, 'tajo.yaml')
  await writeFile(file, oneWay(yaml))
  const read = readEnvironment({ ...environment, TAJO_DATA_DIR: dataDir, TAJO_CONFIG: file })
  const service = await openService({ environment: read })
  const report = await service.sync({})
  console.log(`first pass: ${report.status}, ${JSON.stringify(report.contacts)}`)
  await service.close()
  const store = await openStore({ dataDir })
  const { config } = loadConfig({ env: read.variables, file })
  const stored = await readStored(store, connection, createSecretBox(null, dataDir))
  const pipedrive = pipedriveAccess(config, stored, systemClock)?.make()
  const brevo = brevoAccess(config, stored, systemClock)?.make()
  if (!pipedrive || !brevo) throw new Error('the sandbox gave no credentials')
  const settings = toSyncSettings(config)
  const context: RunContext = { store, connection, pipedrive, brevo, settings, clock: systemClock }
  try {
    await store.maintain()
    const { plan, accounts } = await resolveAccounts(context, settings, { complete: false })
    if (plan === null) throw new Error('nothing can be planned')
    const rows: Row[] = []
    const all = [...sandbox.pipedrive.state.tables.person.all()].filter(({ emails }) => emails.length === 1)
    for (let n = 0; n <= steps; n++) {
      const person = all[Math.floor((all.length / (steps + 2)) * n)]
      // The first one only warms up.
      if (n === 1) statements.clear()
      if (person && n > 0) {
        sandbox.pipedrive.state.patch('person', person.id, { first_name: `Edited${n}` })
        await noteHints(
          store.db,
          connection,
          [{ entity: 'person', id: String(person.id), version: null }],
          new Date(),
        )
      }
      const startedMs = performance.now()
      const result = await liveStep(context, { plan, accounts, patienceMs: 0, complete: false })
      const { changed, projected } = result
      rows.push({
        step: n === 0 ? 'nothing to do' : `one person ${n}`,
        changed,
        projected,
        ms: Math.round(performance.now() - startedMs),
      })
    }
    return {
      steps: rows,
      statements: dearest(statements, 16).map(({ text, count, totalMs, worstMs }) => ({
        'ms a step': +(totalMs / steps).toFixed(1),
        'times a step': +(count / steps).toFixed(1),
        'worst ms': Math.round(worstMs),
        statement: text.slice(0, 160),
      })),
    }
  } finally {
    await Promise.all([pipedrive.close(), brevo.close()])
    await store.close()
    await sandbox.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
