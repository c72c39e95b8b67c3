/** What the demo shows is asked of the simulated services over HTTP, as anybody could. It changes nothing. */

import { systemClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { isJsonObject } from '../base/json.ts'
import type { Service } from '../service/index.ts'
import type { Sandbox, StartedSandbox } from '../simulators/index.ts'

export type BrevoReading = {
  readonly contactCount: number
  /** The first ones. */
  readonly contacts: readonly BrevoContactRow[]
  readonly lists: readonly { id: number; name: string; members: number }[]
}

export type BrevoContactRow = {
  readonly email: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly listIds: readonly number[]
}

export type LeftOut = {
  readonly personId: number
  readonly name: string
  readonly reasons: readonly string[]
}

const CONTACTS_SHOWN = 12
const LISTS_PER_PAGE = 50
/** Enough to show each kind of trouble without reading a large account again. */
const PERSONS_LOOKED_AT = 400
const LEFT_OUT_SHOWN = 12
const MOST_ATTEMPTS = 6
const LONGEST_WAIT_SECONDS = 3
const SKIPPED_OUTCOMES: ReadonlySet<string> = new Set(['no_email', 'invalid_email', 'same_email', 'failed'])

/** https://developers.brevo.com/reference/get-contacts and https://developers.brevo.com/reference/get-lists */
export async function readBrevo(started: StartedSandbox, signal: AbortSignal): Promise<BrevoReading> {
  const ask = (path: string) =>
    getJson(`${started.brevoUrl}${path}`, { 'api-key': started.environment.BREVO_API_KEY ?? '' }, signal)
  const contacts = await ask(`/contacts?limit=${CONTACTS_SHOWN}&sort=asc`)
  const { lists } = await ask(`/contacts/lists?limit=${LISTS_PER_PAGE}&sort=asc`)
  // Members are counted among the contacts: that bucket allows 10 requests a second, the one of lists 100 an hour.
  const members: BrevoReading['lists'][number][] = []
  for (const { id, name } of objects(lists)) {
    const { count } = await ask(`/contacts?limit=1&listIds=${Number(id)}`)
    members.push({ id: Number(id), name: String(name), members: Number(count) })
  }
  return {
    contactCount: Number(contacts.count),
    contacts: objects(contacts.contacts).map((contact) => ({
      email: String(contact.email ?? ''),
      attributes: isJsonObject(contact.attributes) ? contact.attributes : {},
      listIds: Array.isArray(contact.listIds) ? contact.listIds.map(Number) : [],
    })),
    lists: members,
  }
}

/** How often persons in Pipedrive were written to. */
export function countPersonWrites({ pipedrive }: Sandbox): number {
  return pipedrive.calls.all().filter(({ method, path }) => method !== 'GET' && /\/persons(\/|$)/.test(path))
    .length
}

/** Persons (the first in the account) that have no contact, or one with something left out, and why. */
export async function collectLeftOut(
  started: StartedSandbox,
  service: Service,
  signal: AbortSignal,
): Promise<LeftOut[]> {
  const found: LeftOut[] = []
  const headers = { 'x-api-token': started.environment.PIPEDRIVE_API_TOKEN ?? '' }
  const page = await getJson(
    `${started.pipedriveUrl}/api/v2/persons?limit=${PERSONS_LOOKED_AT}`,
    headers,
    signal,
  )
  for (const person of objects(page.data)) {
    if (found.length >= LEFT_OUT_SHOWN) break
    signal.throwIfAborted()
    const { outcome, warnings, failure } = await service.explain(String(person.id))
    const reasons = [
      ...(SKIPPED_OUTCOMES.has(outcome) ? [failure?.code ?? outcome] : []),
      ...warnings.map(({ code }) => code),
    ]
    if (reasons.length > 0) {
      found.push({
        personId: Number(person.id),
        name: String(person.name ?? ''),
        reasons: [...new Set(reasons)],
      })
    }
  }
  return found
}

async function getJson(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(url, { headers, signal })
    const body: unknown = await answer.json()
    if (answer.ok && isJsonObject(body)) return body
    if (answer.status !== 429 || attempt === MOST_ATTEMPTS) throw refused(url, answer.status)
    const resetSeconds = Number(answer.headers.get('x-sib-ratelimit-reset') ?? 1)
    await systemClock.sleep(Math.min(Math.max(resetSeconds, 0.2), LONGEST_WAIT_SECONDS) * 1000, signal)
  }
}

function refused(url: string, status: number): TajoError {
  return new TajoError({
    code: 'sandbox_refused',
    message: `The simulated service answered ${status} to ${new URL(url).pathname}.`,
  })
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
