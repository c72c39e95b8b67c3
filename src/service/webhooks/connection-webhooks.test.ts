import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freshDataDir } from '../../../test/support/stores.ts'
import { readEnvironment } from '../../config/index.ts'
import { createSandbox, type Sandbox, type StartedSandbox } from '../../simulators/index.ts'
import { openStore } from '../../store/index.ts'
import { readStored } from '../clients.ts'
import { openService, type Service } from '../index.ts'
import { createSecretBox } from '../secrets.ts'

const PUBLIC = 'server: { public_url: https://tajo.example.com }\n'

let directory: string
let sandbox: Sandbox
let started: StartedSandbox
beforeEach(async () => {
  directory = freshDataDir()
  sandbox = await createSandbox({ data: { persons: 3 } })
  started = await sandbox.start()
})
afterEach(async () => {
  await sandbox.stop()
  await rm(directory, { recursive: true, force: true })
})

const inPipedrive = () => sandbox.pipedrive.state.webhooks.all()

/** Opens the service of a data directory that lasts as long as the test, and closes it again. */
async function withTajo<T>(
  { yaml = PUBLIC, without = [] }: { yaml?: string; without?: readonly string[] },
  work: (service: Service) => Promise<T>,
): Promise<T> {
  const configFile = join(directory, 'tajo.yaml')
  await writeFile(configFile, yaml)
  const environment = readEnvironment({
    ...Object.fromEntries(Object.entries(started.environment).filter(([name]) => !without.includes(name))),
    TAJO_DATA_DIR: directory,
  })
  const service = await openService({ environment, configFile })
  try {
    return await work(service)
  } finally {
    await service.close()
  }
}

async function storedCredentials() {
  const dataDir = directory
  const store = await openStore({ dataDir })
  try {
    const box = createSecretBox(null, dataDir)
    const row = await store.db.selectFrom('connections').select('credentials').execute()
    return {
      read: (await readStored(store, 'default', box)).webhooks ?? null,
      row: JSON.stringify(row),
    }
  } finally {
    await store.close()
  }
}

describe('the webhooks of a connection', () => {
  test('have credentials that are made once, kept encrypted, and are what the services send', async () => {
    await withTajo({}, (tajo) => tajo.webhooks.register())
    await withTajo({}, async (tajo) => {
      expect((await tajo.webhooks.register()).items.every(({ state }) => state === 'ok')).toBe(true)
    })
    const { read, row } = await storedCredentials()
    const [first] = inPipedrive()
    expect(read).toEqual({
      pipedriveUser: first?.http_auth_user,
      pipedrivePassword: first?.http_auth_password,
      brevoToken: sandbox.brevo.state.webhooks()[0]?.auth?.token,
    })
    expect(row).toContain('sealed')
    for (const secret of Object.values(read ?? {})) expect(row).not.toContain(secret)
  })

  test('take a public address that the caller knows better than the configuration', async () => {
    const report = await withTajo({ yaml: '' }, (tajo) =>
      tajo.webhooks.register({ publicUrl: 'http://127.0.0.1:8025' }),
    )
    expect(report.status).toBe('complete')
    expect(inPipedrive()[0]?.subscription_url).toBe('http://127.0.0.1:8025/webhooks/pipedrive')
  })

  test('are refused to register, and can be listed and removed, without a public address', async () => {
    await withTajo({}, (tajo) => tajo.webhooks.register())
    await withTajo({ yaml: '' }, async (tajo) => {
      await expect(tajo.webhooks.register()).rejects.toMatchObject({ code: 'webhook_no_public_url' })
      expect((await tajo.webhooks.list()).items.map(({ state }) => state)).toEqual(Array(6).fill('ok'))
      expect((await tajo.webhooks.remove()).items.map(({ state }) => state)).toEqual(Array(6).fill('removed'))
    })
    expect(inPipedrive()).toEqual([])
  })

  test('leave nothing behind where none was ever registered', async () => {
    const without = ['BREVO_API_KEY']
    await withTajo({ without }, async (tajo) => {
      await expect(tajo.webhooks.register()).rejects.toMatchObject({ code: 'config_not_connected' })
      expect((await tajo.webhooks.list()).items).toHaveLength(5)
    })
    expect((await storedCredentials()).read).toBeNull()
    expect(inPipedrive()).toEqual([])
  })
})

describe('tajo check', () => {
  const aboutWebhooks = ({ items }: Awaited<ReturnType<Service['check']>>) =>
    items.filter(({ subject }) => subject.includes('webhook'))

  test('shows what is missing, and with fix registers it', async () => {
    await withTajo({}, async (tajo) => {
      expect(aboutWebhooks(await tajo.check({ fix: false }))).toMatchObject([
        {
          level: 'warning',
          subject: 'Pipedrive webhooks',
          message: 'person, organization, deal, activity, lead: not registered',
          remedy: 'Run `tajo webhooks register`, or `tajo check --fix`.',
        },
        { level: 'warning', subject: 'Brevo webhooks', message: 'marketing: not registered' },
      ])
      expect(inPipedrive()).toEqual([])
      const fixed = await tajo.check({ fix: true })
      expect(aboutWebhooks(fixed).map(({ level }) => level)).toEqual(['fixed', 'fixed'])
      const right = await tajo.check({ fix: false })
      expect(aboutWebhooks(right).map(({ level }) => level)).toEqual(['ok', 'ok'])
    })
  })

  test('says nothing of webhooks where no public address is configured', async () => {
    await withTajo({ yaml: '' }, async (tajo) => {
      expect(aboutWebhooks(await tajo.check({ fix: true }))).toEqual([])
    })
  })
})

describe('disconnecting', () => {
  const without = ['PIPEDRIVE_API_TOKEN', 'BREVO_API_KEY']
  const connect = async (tajo: Service) => {
    const { PIPEDRIVE_API_TOKEN: apiToken = '', BREVO_API_KEY: apiKey = '' } = started.environment
    await tajo.connections.connectPipedrive({ apiToken, companyDomain: null })
    await tajo.connections.connectBrevo({ apiKey })
  }

  test('takes the webhooks of that service away first, and leaves the other one alone', async () => {
    await withTajo({ without }, async (tajo) => {
      await connect(tajo)
      await tajo.webhooks.register()
      const { forgotten, webhooks } = await tajo.connections.disconnect('pipedrive')
      expect(forgotten).toBe(true)
      expect(webhooks?.items.map(({ state }) => state)).toEqual(Array(5).fill('removed'))
      expect(inPipedrive()).toEqual([])
      expect(sandbox.brevo.state.webhooks()).toHaveLength(1)
      await tajo.connections.disconnect('brevo')
      expect(sandbox.brevo.state.webhooks()).toEqual([])
    })
  })

  test('says what could not be removed, and forgets the credentials all the same', async () => {
    await withTajo({ without }, async (tajo) => {
      await connect(tajo)
      await tajo.webhooks.register()
      const fault = { kind: 'status', status: 403 } as const
      sandbox.pipedrive.faults.add({ fault, method: 'DELETE' })
      const { forgotten, webhooks } = await tajo.connections.disconnect('pipedrive')
      expect(forgotten).toBe(true)
      expect(webhooks?.items.filter(({ state }) => state === 'refused')).toMatchObject([
        { object: 'person', code: 'webhook_forbidden' },
      ])
    })
  })

  test('touches no webhook of a service that stays connected by the configuration', async () => {
    await withTajo({}, async (tajo) => {
      await tajo.webhooks.register()
      expect(await tajo.connections.disconnect('pipedrive')).toEqual({
        forgotten: false,
        webhooks: null,
        revoked: null,
      })
    })
    expect(inPipedrive()).toHaveLength(5)
  })
})
