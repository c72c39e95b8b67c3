/** A sandbox over HTTP and clients of the SDK beside it, as a program of somebody's own would have them. It closes all of them. */
import fs from 'node:fs'
import { onTestFinished, vi } from 'vitest'
import { TajoClient, type TajoClientOptions } from '../../src/sdk/index.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/simulators/index.ts'
import { openLimits } from './journey.ts'
import { freshDataDir } from './stores.ts'

export type SdkScene = {
  readonly sandbox: Sandbox
  readonly environment: Readonly<Record<string, string>>
  readonly dataDir: string
  /** A client in this process on the scene's own data directory. */
  client(options?: TajoClientOptions): TajoClient
}

/** The variables of the simulators' addresses are set for the test; credentials are not, unless `credentials` says so. */
export async function openSdkScene(
  options: Partial<SandboxOptions> & { credentials?: boolean } = {},
): Promise<SdkScene> {
  const { credentials = false, data = { persons: 20 } as SandboxOptions['data'], ...rest } = options
  const sandbox = await createSandbox({ data, ...openLimits, ...rest })
  const { environment } = await sandbox.start()
  const dataDir = freshDataDir()
  const clients: TajoClient[] = []
  for (const [name, value] of Object.entries(environment))
    vi.stubEnv(name, credentials || name.endsWith('_URL') ? value : undefined)
  vi.stubEnv('TAJO_DATA_DIR', dataDir)
  for (const name of ['TAJO_URL', 'TAJO_API_KEY', 'TAJO_CONFIG']) vi.stubEnv(name, undefined)
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await sandbox.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
    vi.unstubAllEnvs()
  })
  return {
    sandbox,
    environment,
    dataDir,
    client(given = {}) {
      const client = new TajoClient(given)
      clients.push(client)
      return client
    },
  }
}

/** Connected as the mission prints it, and in step. */
export async function connectScene(scene: SdkScene): Promise<TajoClient> {
  const { PIPEDRIVE_API_TOKEN: apiToken, BREVO_API_KEY: brevoApiKey } = scene.environment
  const tajo = scene.client({ apiKey: undefined, brevoApiKey })
  await tajo.connectors.connect('pipedrive', { apiToken, companyDomain: 'yourcompany' })
  const report = await tajo.connectors.sync()
  if (report.status !== 'complete') throw new Error(`the first pass is ${report.status}: ${report.reason}`)
  return tajo
}

/** An open deal of a person with a contact, and a stage of its pipeline where it is not. */
export function movableDeal({ sandbox }: Pick<SdkScene, 'sandbox'>) {
  const { tables } = sandbox.pipedrive.state
  const person = sandbox.pipedrive.state.insert('person', {
    name: 'Ada Moves',
    emails: [{ value: 'ada.moves@test.example', primary: true, label: 'work' }],
  })
  const [first, second, third] = [...tables.stage.all()].map((stage) => stage.id)
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few stages')
  const deal = sandbox.pipedrive.state.insert('deal', {
    title: 'Moves',
    person_id: person.id,
    stage_id: first,
    value: 1200,
    currency: 'EUR',
  })
  return { personId: person.id, dealId: deal.id, stages: [first, second, third] as const }
}

/** The message of the mission's handler. */
export function stageChanged(
  { dealId, personId }: { dealId: number; personId: number },
  previousStage: number | undefined,
  newStage: number,
) {
  return {
    topic: 'deal.stage_changed',
    payload: { dealId, dealTitle: 'Moves', previousStage, newStage, personId, value: 1200, currency: 'EUR' },
  }
}

/** Names of the events that Brevo has, in their order, those of deals only. */
export function dealEvents({ sandbox }: Pick<SdkScene, 'sandbox'>): string[] {
  return sandbox.brevo.state
    .events()
    .map(({ event_name }) => event_name)
    .filter((name) => name.startsWith('deal_'))
}
