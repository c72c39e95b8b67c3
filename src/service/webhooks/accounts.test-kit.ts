/** Two simulated accounts with real clients, and self-care for them as one call. For tests only. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrevoClient, createBrevoClient } from '../../brevo/index.ts'
import { type Config, loadConfig } from '../../config/index.ts'
import { createPipedriveClient, type PipedriveClient } from '../../pipedrive/index.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../simulators/index.ts'
import { type CareOptions, careForWebhooks } from './care.ts'
import { createWebhookCredentials } from './credentials.ts'
import type { WebhookItem, WebhookReport } from './webhook-report.ts'

export const PUBLIC_URL = 'https://tajo.example.com'

export async function readConfig(yaml: string): Promise<Config> {
  const directory = await mkdtemp(join(tmpdir(), 'tajo-webhooks-'))
  try {
    const file = join(directory, 'tajo.yaml')
    await writeFile(file, yaml)
    return loadConfig({ file, env: {} }).config
  } finally {
    await rm(directory, { recursive: true })
  }
}

export type Accounts = {
  readonly sandbox: Sandbox
  readonly pipedrive: PipedriveClient
  readonly brevo: BrevoClient
  /** `register` of the default connection at PUBLIC_URL, unless told otherwise. */
  care(more?: Partial<CareOptions>): Promise<WebhookReport>
  /** Method and path of the requests since the last look, without reads of anything else. */
  requests(): string[]
  close(): Promise<void>
}

export async function openAccounts(options: Partial<SandboxOptions> = {}): Promise<Accounts> {
  const sandbox = await createSandbox({ data: { persons: 3 }, ...options })
  const { pipedriveUrl, brevoUrl, environment } = await sandbox.start()
  const pipedrive = createPipedriveClient({
    apiUrl: pipedriveUrl,
    credential: { apiToken: environment.PIPEDRIVE_API_TOKEN ?? '' },
  })
  const brevo = createBrevoClient({
    apiUrl: brevoUrl,
    credential: { apiKey: environment.BREVO_API_KEY ?? '' },
  })
  const config = await readConfig('')
  const credentials = createWebhookCredentials()
  return {
    sandbox,
    pipedrive,
    brevo,
    care: (more) =>
      careForWebhooks({
        pipedrive,
        brevo,
        config,
        connection: 'default',
        publicUrl: PUBLIC_URL,
        credentials,
        mode: 'register',
        ...more,
      }),
    requests() {
      const calls = [...sandbox.pipedrive.calls.all(), ...sandbox.brevo.calls.all()]
      sandbox.pipedrive.calls.clear()
      sandbox.brevo.calls.clear()
      return calls.map(({ method, path }) => `${method} ${path}`)
    },
    async close() {
      await Promise.all([pipedrive.close(), brevo.close()])
      await sandbox.stop()
    },
  }
}

/** `person created`, one for each row. */
export function told({ items }: { items: readonly WebhookItem[] }): string[] {
  return items.map(({ object, state }) => `${object} ${state}`)
}
