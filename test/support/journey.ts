/**
 * A whole Tajo for one test: sandbox over HTTP, a store of its own, the service in this process. It closes itself when
 * the test ends. Every request body that reaches Brevo is kept, so that a test can ask for what must never be sent.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { readEnvironment } from '../../src/config/index.ts'
import { openService, type Service, type SyncOptions, type SyncReport } from '../../src/service/index.ts'
import {
  createSandbox,
  type DataSetName,
  oneWay,
  type Sandbox,
  type SandboxOptions,
  type StartedSandbox,
} from '../../src/simulators/index.ts'
import { freshDataDir } from './stores.ts'

export type JourneyOptions = Omit<SandboxOptions, 'data'> & {
  data?: DataSetName
  /** Whether changes go back to Pipedrive, as the data set's configuration has it. Default false. */
  twoWay?: boolean
  /** Changes the configuration that comes with the data set. */
  yaml?: (text: string) => string
  databaseUrl?: string
  /** Pipedrive is connected by an app instead of a token: nothing is connected at first. */
  oauth?: boolean
  /** How long the service lets one request take, milliseconds of the machine. */
  timeoutMs?: number
}

export type Journey = {
  readonly sandbox: Sandbox
  readonly environment: Readonly<Record<string, string>>
  readonly service: Service
  sync(options?: SyncOptions): Promise<SyncReport>
  /** Writes the configuration anew and opens the service again over the same store. */
  configure(change: (text: string) => string): Promise<void>
  /** Closes the service, so that another process may have the store. */
  close(): Promise<void>
  reopen(): Promise<void>
}

/** No test runs into these limits by accident. */
export const openLimits = {
  pipedrive: { limits: { burst: 10_000, search: 10_000, dailyTokens: 10_000_000, deals: 300_000 } },
  brevo: { limits: { contacts: {}, events: {}, other: {} } },
} as const

/** On a fast clock ten seconds are a moment of the machine, and a busy one would be taken for a dead receiver. */
function patientSenders(speed = 1): { webhookTimeoutMs?: number } {
  return speed > 1 ? { webhookTimeoutMs: 60_000 * speed } : {}
}

export async function openJourney(options: JourneyOptions = {}): Promise<Journey> {
  const {
    data = { persons: 60 },
    yaml = (text) => text,
    twoWay = false,
    databaseUrl,
    oauth = false,
    timeoutMs,
    ...rest
  } = options
  const patient = patientSenders(rest.clock?.speed)
  const sandbox = await createSandbox({
    data,
    ...rest,
    pipedrive: {
      ...openLimits.pipedrive,
      ...rest.pipedrive,
      switches: { ...patient, ...rest.pipedrive?.switches },
    },
    brevo: { ...openLimits.brevo, ...rest.brevo, switches: { ...patient, ...rest.brevo?.switches } },
  })
  sandbox.brevo.calls.keepBodies = true
  sandbox.pipedrive.calls.keepBodies = true
  const started = await sandbox.start()
  const dataDir = freshDataDir()
  const configFile = join(dataDir, 'tajo.yaml')
  let text = yaml(withoutToken(twoWay ? started.yaml : oneWay(started.yaml), oauth))
  fs.writeFileSync(configFile, text)
  const environment = {
    ...(oauth ? appEnvironment(started) : started.environment),
    TAJO_DATA_DIR: dataDir,
    TAJO_CONFIG: configFile,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  }
  const { clock } = rest
  const open = (): Promise<Service> =>
    openService({ environment: readEnvironment(environment), clock, timeoutMs })
  let service: Service | null = await open()
  const close = async (): Promise<void> => {
    await service?.close()
    service = null
  }
  onTestFinished(async () => {
    await close()
    await sandbox.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
    expectNobodyResubscribed(sandbox)
    // Rule R9.1: off means that nothing is ever written there.
    const written = pipedriveWrites({ sandbox }).filter(
      ({ path }) => !path.includes('/webhooks') && !path.startsWith('/oauth/'),
    )
    if (!twoWay) expect(written).toEqual([])
  })
  const present = (): Service => {
    if (service === null) throw new Error('the journey is closed')
    return service
  }
  return {
    sandbox,
    environment,
    get service() {
      return present()
    },
    sync: (request = {}) => present().sync(request),
    async configure(change) {
      text = change(text)
      await close()
      fs.writeFileSync(configFile, text)
      service = await open()
    },
    close,
    async reopen() {
      await close()
      service = await open()
    },
  }
}

function withoutToken(yaml: string, oauth: boolean): string {
  return oauth ? yaml.replace(/^.*api_token:.*\n/m, '') : yaml
}

/** The app of Pipedrive, and Brevo's key. */
function appEnvironment({ environment, oauthEnvironment }: StartedSandbox): Record<string, string> {
  const named = (variables: Record<string, string>, names: RegExp) =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => names.test(name)))
  return { ...named(environment, /^BREVO_API_/), ...named(oauthEnvironment, /^PIPEDRIVE_/) }
}

/** Requests that change something in Pipedrive. */
export function pipedriveWrites({ sandbox }: Pick<Journey, 'sandbox'>) {
  return sandbox.pipedrive.calls.all().filter(({ method }) => method !== 'GET')
}

/** Rule R4.1, of every journey: no request ever takes a blocklisting back. */
export function expectNobodyResubscribed({ brevo }: Sandbox): void {
  const offending = brevo.calls
    .all()
    .filter(({ requestBody = '' }) => /"(email|sms)Black(listed|list)"\s*:\s*false/.test(requestBody))
  expect(offending).toEqual([])
}

/** Rule R6.1: every person that was read is one of these. */
export function expectAccounted({ contacts }: SyncReport): void {
  const { read, created, updated, unchanged, skipped, failed } = contacts
  const skippedInAll = Object.values(skipped).reduce((sum, count) => sum + count, 0)
  expect(created + updated + unchanged + skippedInAll + failed).toBe(read)
  for (const count of [created, updated, unchanged, failed]) expect(count).toBeGreaterThanOrEqual(0)
}

/** How many writes `act` makes in Brevo. */
export async function writesOf({ sandbox }: Journey, act: () => Promise<unknown>): Promise<number> {
  const before = sandbox.brevo.state.writes
  await act()
  return sandbox.brevo.state.writes - before
}

/** A Pipedrive e-mail or phone as its only one. */
export function only(value: string): { value: string; primary: true; label: 'work' }[] {
  return [{ value, primary: true, label: 'work' }]
}

/** A person with a name made of its address, added as a user of Pipedrive would; returns its id. */
export function addPerson(
  { sandbox }: Pick<Journey, 'sandbox'>,
  email: string,
  values: Record<string, unknown> = {},
): number {
  const name = (email.split('@')[0] ?? '').replace('.', ' ')
  return sandbox.pipedrive.state.insert('person', { name, emails: only(email), ...values }).id
}

/** The contact with this address as Brevo's API would answer it. */
export function contactOf({ sandbox }: Journey, email: string) {
  const contact = sandbox.brevo.state.contact(email)
  if (contact === null) throw new Error(`Brevo has no contact ${email}`)
  return { ...contact, listIds: contact.listIds.toSorted((a, b) => a - b) }
}
