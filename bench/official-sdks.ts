/** What a script with the official SDKs does with 1,000 persons: one after the other, and a page at a time with Promise.all. */
import { fork } from 'node:child_process'
import { BrevoClient } from '@getbrevo/brevo'
import { Configuration, PersonsApi } from 'pipedrive/v2'
import { latencyMs } from './measure-sync.ts'

export type SdkRun = {
  name: string
  seconds: number
  requests: number
  due: number
  there: number
  errors: number
}

type Address = { email: string; name: string }

export async function measureSdks(): Promise<readonly SdkRun[]> {
  return [await measure('SDKs, one by one', false), await measure('SDKs, Promise.all per page', true)]
}

async function measure(name: string, together: boolean): Promise<SdkRun> {
  const sandbox = fork(new URL('./sandbox-process.ts', import.meta.url), ['1000', String(latencyMs), 'messy'])
  const { environment } = await new Promise<{ environment: Record<string, string> }>((resolve) => {
    sandbox.once('message', (message) => resolve(message as { environment: Record<string, string> }))
  })
  const pipedrive = new PersonsApi(
    new Configuration({
      basePath: `${environment.PIPEDRIVE_API_URL}/api/v2`,
      apiKey: environment.PIPEDRIVE_API_TOKEN ?? '',
    }),
  )
  const brevo = new BrevoClient({
    apiKey: environment.BREVO_API_KEY ?? '',
    baseUrl: environment.BREVO_API_URL ?? '',
  })
  const due = new Set<string>()
  let errors = 0
  const write = async ({ email, name: fullName }: Address): Promise<void> => {
    due.add(email.trim().toLowerCase())
    try {
      await brevo.contacts.createContact({
        email: email.trim(),
        attributes: { FIRSTNAME: fullName },
        listIds: [60],
        updateEnabled: true,
      })
    } catch {
      errors++
    }
  }
  const started = performance.now()
  let cursor: string | undefined
  do {
    const page = await pipedrive.getPersons({ limit: 500, ...(cursor ? { cursor } : {}) })
    const persons = (page.data ?? []).flatMap((person) => {
      const email = person.emails?.find((entry) => entry.primary)?.value ?? person.emails?.[0]?.value
      return email?.includes('@') ? [{ email, name: person.name ?? '' }] : []
    })
    if (together) await Promise.all(persons.map(write))
    else for (const person of persons) await write(person)
    cursor = page.additional_data?.next_cursor ?? undefined
  } while (cursor)
  const seconds = (performance.now() - started) / 1000
  const origin = new URL(environment.BREVO_API_URL ?? '').origin
  const calls = (await (await fetch(`${origin}/__sandbox/calls`)).json()) as unknown[]
  const state = (await (await fetch(`${origin}/__sandbox/state`)).json()) as {
    contacts: { email?: string; listIds: number[] }[]
  }
  const there = state.contacts.filter(
    (contact) => contact.email && due.has(contact.email) && contact.listIds.includes(60),
  ).length
  sandbox.disconnect()
  return { name, seconds, requests: calls.length, due: due.size, there, errors }
}
