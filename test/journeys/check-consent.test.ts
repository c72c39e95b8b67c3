/** `tajo check` and the field that receives the consent (rule R9.5). */
import { describe, expect, it } from 'vitest'
import { type Journey, openJourney } from '../support/journey.ts'

const words = ['subscribed', 'bounced', 'unsubscribed', 'complained']

type Field = { field_name: string; field_type: string; options?: { label: string }[] | null }

/** As Pipedrive's API answers it. */
async function fieldNamed(journey: Journey, name: string): Promise<Field | undefined> {
  const answer = await personFields(journey)
  const { data } = (await answer.json()) as { data: Field[] }
  return data.find(({ field_name }) => field_name === name)
}

function personFields({ environment }: Journey, body?: Field): Promise<Response> {
  return fetch(`${environment.PIPEDRIVE_API_URL}/api/v2/personFields?limit=500`, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-api-token': environment.PIPEDRIVE_API_TOKEN ?? '', 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
}

const openWith = (field: string) =>
  openJourney({
    data: { persons: 5 },
    twoWay: true,
    yaml: (text) => text.replace('consent_field: "Brevo consent"', `consent_field: ${field}`),
  })

describe('a consent field that is not there', () => {
  it('R9.5 is named with the way to make it, keeps a sync from beginning, and is made by --fix', async () => {
    const journey = await openWith('"Mail consent"')
    const before = await journey.service.check({ fix: false })
    expect(before.status).toBe('errors')
    const item = before.items.find(({ subject }) => subject === 'reverse_sync.consent_field')
    expect(item).toMatchObject({ level: 'error', location: expect.stringMatching(/tajo\.yaml:\d+:\d+/) })
    expect(item?.remedy).toContain('check --fix')
    await expect(journey.sync()).rejects.toThrow('Mail consent')
    const fixed = await journey.service.check({ fix: true })
    expect(fixed.items).toContainEqual(
      expect.objectContaining({ level: 'fixed', subject: 'person field Mail consent' }),
    )
    expect(fixed.status).toBe('ok')
    const field = await fieldNamed(journey, 'Mail consent')
    expect(field?.field_type).toBe('enum')
    expect(field?.options?.map(({ label }) => label)).toEqual(words)
    // A second time there is nothing to make.
    const again = await journey.service.check({ fix: true })
    expect(again.items.filter(({ level }) => level === 'fixed')).toEqual([])
    expect(await journey.sync()).toMatchObject({ status: 'complete' })
  })

  it('R9.1 is not made, and not missed, while nothing goes to Pipedrive', async () => {
    const journey = await openJourney({
      data: { persons: 5 },
      yaml: (text) => text.replace('consent_field: "Brevo consent"', 'consent_field: "Mail consent"'),
    })
    const report = await journey.service.check({ fix: true })
    expect(report.items.filter(({ subject }) => /consent/i.test(subject))).toEqual([])
    expect(await fieldNamed(journey, 'Mail consent')).toBeUndefined()
    expect(await journey.sync()).toMatchObject({ status: 'complete' })
  })

  it('by its key cannot be made: Pipedrive gives the keys', async () => {
    const journey = await openWith(`"${'a'.repeat(40)}"`)
    const report = await journey.service.check({ fix: true })
    expect(report.status).toBe('errors')
    expect(report.items.filter(({ level }) => level === 'fixed')).toEqual([])
  })
})

describe('a consent field that is there', () => {
  it('R9.5 gets the options it lacks, and no others', async () => {
    const journey = await openWith('"Mail consent"')
    const options = words.filter((word) => word !== 'bounced').map((label) => ({ label }))
    await personFields(journey, { field_name: 'Mail consent', field_type: 'enum', options })
    const before = await journey.service.check({ fix: false })
    expect(before.items.find(({ subject }) => subject === 'reverse_sync.consent_field')?.message).toContain(
      'bounced',
    )
    const fixed = await journey.service.check({ fix: true })
    expect(fixed.status).toBe('ok')
    const field = await fieldNamed(journey, 'Mail consent')
    const labels = field?.options?.map(({ label }) => label) ?? []
    expect(labels.toSorted()).toEqual(words.toSorted())
  })

  it('of another kind is left alone, and said to be unfit', async () => {
    const journey = await openWith('company_size')
    const before = await fieldNamed(journey, 'Company size')
    const report = await journey.service.check({ fix: true })
    expect(report.items.find(({ subject }) => subject === 'reverse_sync.consent_field')?.level).toBe('error')
    expect(await fieldNamed(journey, 'Company size')).toEqual(before)
  })
})
