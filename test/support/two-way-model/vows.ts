/**
 * What Tajo must never do, watched request by request and change by change: nobody is resubscribed, consent never moves towards
 * yes, nobody is created twice or deleted. It also counts what Tajo writes.
 */
import type { SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'
import { identityOf } from '../contact-oracle.ts'
import { consentOf } from './fields.ts'
import type { World } from './world.ts'

export type Vows = {
  /** In words. */
  readonly broken: readonly string[]
  /** Requests that write, to either side, so far. */
  readonly writes: () => { readonly pipedrive: number; readonly brevo: number }
  readonly lastWrites: (since: { pipedrive: number; brevo: number }) => readonly string[]
  /** Somebody else changed who is blocklisted. */
  readonly lookAgain: () => void
}

type World1 = Pick<World, 'pipedrive' | 'brevo' | 'setting' | 'clock'>

/** `note`: told of every request that writes. */
export function watchVows(world: World1, note: (text: string) => void): Vows {
  const { pipedrive, brevo } = world
  const broken: string[] = []
  const swear = (text: string): void => void broken.push(`${world.clock.now().toISOString()} ${text}`)
  watchPersons(world, swear)
  const lookAgain = watchBlocklist(world, swear)
  for (const { calls } of [pipedrive, brevo]) {
    const add = calls.add.bind(calls)
    calls.add = (call) => {
      add(call)
      const { method, path, requestBody = '', fault, status } = call
      if (method !== 'GET' && !path.includes('/webhooks'))
        note(`  ${method} ${path} ${fault ?? status} ${requestBody}`)
    }
  }
  // Webhooks are registered, and attributes made, before anything is compared.
  const written = () => ({
    pipedrive: pipedrive.calls
      .all()
      .filter(({ method, path }) => method !== 'GET' && !path.includes('/webhooks')),
    brevo: brevo.calls.all().filter(({ method, path }) => method !== 'GET' && !path.includes('/webhooks')),
  })
  return {
    broken,
    lookAgain,
    writes: () => ({ pipedrive: written().pipedrive.length, brevo: written().brevo.length }),
    lastWrites: (since) =>
      (['pipedrive', 'brevo'] as const).flatMap((side) =>
        written()
          [side].slice(since[side])
          .map(({ method, path, requestBody }) => `${side}: ${method} ${path} ${requestBody ?? ''}`),
      ),
  }
}

function watchPersons({ pipedrive: { state }, setting }: World1, swear: (text: string) => void): void {
  state.subscribe(({ entity, action, id, before, after, actor }) => {
    if (entity !== 'person' || actor.source !== 'api') return
    const [was, is] = [before as SeedPerson | null, after as SeedPerson]
    if (action === 'delete') swear(`person ${id} was deleted by Tajo`)
    if (action === 'change' && was && consentOf(is) < consentOf(was))
      swear(`consent of person ${id} went from ${consentOf(was)} to ${consentOf(is)}`)
    if (action !== 'create') return
    if (setting.create === 'never') swear(`person ${id} was created`)
    const address = identityOf(is)
    const others = [...state.tables.person.all()].filter(
      (person) =>
        person.id !== id &&
        !person.is_deleted &&
        person.emails.some(({ value }) => value.trim().toLowerCase() === address),
    )
    if (others.length > 0) swear(`person ${id} was created beside ${others[0]?.id} of the same address`)
  })
}

function watchBlocklist({ brevo }: World1, swear: (text: string) => void): () => void {
  const { calls, faults, state } = brevo
  const blocked = new Set<number>()
  const lookAgain = (): void => {
    blocked.clear()
    for (const { id, emailBlacklisted } of state.contacts()) if (emailBlacklisted) blocked.add(id)
  }
  lookAgain()
  const blockedAsItCame = new Map<string, boolean>()
  const isBlocked = (path: string): boolean => {
    const identifier = decodeURIComponent(path.split('/').at(-1) ?? '')
    return (
      state.contact(/^\d+$/.test(identifier) ? Number(identifier) : identifier)?.emailBlacklisted === true
    )
  }
  const [strike, add] = [faults.strike.bind(faults), calls.add.bind(calls)]
  faults.strike = (method, path) => {
    if (method === 'PUT' && /\/contacts\/[^/]+$/.test(path)) blockedAsItCame.set(path, isBlocked(path))
    return strike(method, path)
  }
  calls.add = (call) => {
    add(call)
    if (call.method === 'GET') return
    const body = call.requestBody ?? ''
    if (/"(email|sms)Black(listed|list)"\s*:\s*false/.test(body)) swear(`a request resubscribes: ${body}`)
    if (call.method === 'PUT' && body.includes('"EMAIL"') && blockedAsItCame.get(call.path)) {
      if (JSON.parse(body).emailBlacklisted !== true) swear(`a blocklisted contact is renamed by ${body}`)
    }
    for (const id of blocked)
      if (state.contact(id)?.emailBlacklisted === false) swear(`contact ${id} was resubscribed by ${body}`)
    lookAgain()
  }
  return lookAgain
}
