/** Acts of the demo, and what can be seen of them: in Brevo, in Pipedrive, in Tajo. It looks, and changes nothing. */
import type { Service } from '../service/index.ts'
import type { Sandbox } from '../simulators/index.ts'
import type { CastPerson } from './demo-cast.ts'
import { quoted } from './merge-reason-text.ts'

export type Act = {
  readonly where: 'Pipedrive' | 'Brevo'
  readonly text: string
  perform(): void
  /** Asked for before it happens: some know only then what it changes. */
  effects(): readonly Effect[]
}

export type Effect = {
  readonly where: 'Pipedrive' | 'Brevo' | 'Tajo'
  /** Once it is seen. */
  text(): string
  /** Whether it can be seen by now. */
  seen(): boolean | Promise<boolean>
}

/** Until then it is late, and not waiting for a limit. */
const COMPANY_PATIENCE_MS = 5_000

export function contactEffect(
  { brevo }: Sandbox,
  { contactId }: CastPerson,
  text: string,
  attributes: Readonly<Record<string, unknown>>,
): Effect {
  return {
    where: 'Brevo',
    text: () => `contact ${contactId}: ${text}`,
    seen() {
      const contact = brevo.state.contact(contactId)
      return Object.entries(attributes).every(([name, value]) => contact?.attributes[name] === value)
    },
  }
}

/**
 * A field of a person, by its name or its code, from what it is now to `wanted`; of a field with options both are labels. With
 * what was there before, as Pipedrive had it.
 */
export function personEffect(sandbox: Sandbox, { id }: CastPerson, name: string, wanted: string): Effect {
  const before = personValue(sandbox, id, name)
  return {
    where: 'Pipedrive',
    text: () => `person ${id}: ${name} ${quoted(before)} → ${quoted(wanted)}`,
    seen: () => personValue(sandbox, id, name) === wanted,
  }
}

export function personValue({ pipedrive }: Sandbox, id: number, name: string): string | null {
  const { tables, fields } = pipedrive.state
  const person = tables.person.get(id)
  const field = fields.custom('person').find(({ field_name }) => field_name === name)
  if (!person) return null
  const value = field ? person.custom_fields?.[field.field_code] : person[name as 'name']
  const label = field?.options?.find((option) => option.id === value)?.label
  return label ?? (typeof value === 'string' ? value : null)
}

/** Companies have a hundred requests an hour, which a large account needs for other things first: then they wait. */
export function companyEffect({ brevo }: Sandbox, service: Service, id: string, name: string): Effect {
  const startMs = performance.now()
  const isRenamed = (): boolean =>
    brevo.state.companies().some((each) => each.id === id && each.name === name)
  return {
    where: 'Brevo',
    text: () => (isRenamed() ? `company: its name is ${name}` : "company: waits for Brevo's hourly limit"),
    async seen() {
      if (isRenamed()) return true
      if (performance.now() - startMs < COMPANY_PATIENCE_MS) return false
      return (await service.status()).backlog.companies > 0
    },
  }
}

export function pollEffect(polls: () => number): Effect {
  const before = polls()
  return { where: 'Tajo', text: () => 'a poll finds it', seen: () => polls() > before }
}

/** Any change of its lists in that direction. */
export function listEffect({ brevo }: Sandbox, { contactId }: CastPerson, way: 'joins' | 'leaves'): Effect {
  const listsOf = (): readonly number[] => brevo.state.contact(contactId)?.listIds ?? []
  const before = listsOf()
  const changed = (): readonly number[] => {
    const now = listsOf()
    return way === 'joins'
      ? now.filter((id) => !before.includes(id))
      : before.filter((id) => !now.includes(id))
  }
  return {
    where: 'Brevo',
    text() {
      const names = brevo.state.lists().filter(({ id }) => changed().includes(id))
      return `contact ${contactId}: ${way} ${names.map(({ name }) => `"${name}"`).join(', ')}`
    },
    seen: () => changed().length > 0,
  }
}

/** The event is there, and there once. */
export function eventEffect(
  { brevo }: Sandbox,
  { contactId }: CastPerson,
  name: string,
  text: string,
  isMeant: (properties: Readonly<Record<string, unknown>>) => boolean = () => true,
): Effect {
  return {
    where: 'Brevo',
    text: () => `contact ${contactId}: event ${name}${text === '' ? '' : `, ${text}`}`,
    seen() {
      const events = brevo.state.events().filter((event) => {
        return event.event_name === name && event.contact_id === contactId && isMeant(event.event_properties)
      })
      return events.length === 1
    },
  }
}
