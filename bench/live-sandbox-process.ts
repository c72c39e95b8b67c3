/** A sandbox with webhooks in a process of its own: what a server is measured against. Talks over Node's process channel. */
import { createSandbox, type DataSetName } from '../src/simulators/index.ts'

export type SandboxOrder = {
  readonly data: DataSetName
  readonly latencyMs: number
  /** Limits that no burst of webhooks runs into; else those of the smallest plans. */
  readonly open: boolean
}

export type EditTimes = {
  /** From the edit in Pipedrive until Brevo shows it, milliseconds. */
  readonly lagsMs: readonly number[]
  readonly lost: number
  /** Requests that left during the edits. */
  readonly calls: Readonly<Record<string, number>>
}

const order = JSON.parse(process.argv[2] ?? '{}') as SandboxOrder
const sandbox = await createSandbox({
  data: order.data,
  latencyMs: order.latencyMs,
  ...(order.open
    ? {
        pipedrive: { limits: { burst: 10_000, search: 10_000, dailyTokens: 100_000_000, deals: 300_000 } },
        brevo: { limits: { contacts: {}, events: {}, other: {} } },
      }
    : {}),
})
const started = await sandbox.start()
process.on(
  'message',
  (message) => void answer(message as { ask: string; id: number; count: number; everyMs: number }),
)
process.on('disconnect', () => process.exit(0))
process.send?.({ environment: started.environment, yaml: started.yaml })

async function answer(message: { ask: string; id: number; count: number; everyMs: number }): Promise<void> {
  const { ask, id } = message
  process.send?.({ id, answer: ask === 'authorization' ? authorization() : await edit(message) })
}

function authorization(): string | null {
  const webhook = sandbox.pipedrive.state.webhooks.all().find((each) => each.http_auth_user !== null)
  if (!webhook) return null
  return `Basic ${Buffer.from(`${webhook.http_auth_user}:${webhook.http_auth_password}`).toString('base64')}`
}

/** Edits one person after the other, each at its time whether or not the last one has arrived. */
async function edit({ count, everyMs }: { count: number; everyMs: number }): Promise<EditTimes> {
  const persons = [...sandbox.pipedrive.state.tables.person.all()]
    .flatMap(({ id, emails }) => (emails.length === 1 && emails[0] ? [{ id, email: emails[0].value }] : []))
    .filter(({ email }) => isThere(email))
    .slice(0, count)
  sandbox.pipedrive.calls.clear()
  sandbox.brevo.calls.clear()
  const waiting = new Map<string, { email: string; atMs: number }>()
  const lagsMs: number[] = []
  const look = setInterval(() => {
    for (const [name, { email, atMs }] of waiting) {
      if (sandbox.brevo.state.contact(email)?.attributes.FIRSTNAME !== name) continue
      lagsMs.push(performance.now() - atMs)
      waiting.delete(name)
    }
  }, 2)
  for (const [index, { id, email }] of persons.entries()) {
    const name = `Edited${index}`
    waiting.set(name, { email, atMs: performance.now() })
    sandbox.pipedrive.state.patch('person', id, { name: `${name} Person`, first_name: name })
    await new Promise((resolve) => setTimeout(resolve, everyMs * (0.5 + Math.random())))
  }
  for (let tries = 0; waiting.size > 0 && tries < 300; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100))
  clearInterval(look)
  const calls: Record<string, number> = {}
  for (const [vendor, { path, method }] of [
    ...sandbox.pipedrive.calls.all().map((call) => ['pipedrive', call] as const),
    ...sandbox.brevo.calls.all().map((call) => ['brevo', call] as const),
  ]) {
    const name = `${vendor} ${method} ${path.replace(/\/[^/]*(%40|@)[^/]*/, '/EMAIL').replace(/\/\d+/g, '/ID')}`
    calls[name] = (calls[name] ?? 0) + 1
  }
  return { lagsMs, lost: waiting.size, calls }
}

function isThere(email: string): boolean {
  try {
    return sandbox.brevo.state.contact(email) !== null
  } catch {
    return false
  }
}
