import { describe, expect, it } from 'vitest'
import {
  type AccountSurvey,
  previewDraft,
  type SyncSettings,
  seeAccounts,
  surveyAccounts,
} from '../../src/sync/index.ts'
import { withDraft } from '../support/draft-scene.ts'
import { addPerson, type Journey, only, openJourney } from '../support/journey.ts'

const saved = <T>(settings: T): T => settings

function survey(journey: Journey): Promise<AccountSurvey> {
  return withDraft(journey, saved, (context) => surveyAccounts(context))
}

function samplesOf({ pipedrive }: AccountSurvey, source: string): readonly string[] | undefined {
  return pipedrive.fields.find((field) => field.source === source)?.samples
}

describe('a survey', () => {
  it('before the first reading shows a page of persons, their organizations, and no figures of deals', async () => {
    const journey = await openJourney({ data: { persons: 150 } })
    const { pipedrive, brevo } = journey.sandbox
    addPerson(journey, 'newest@test.example', { phones: only('+82 10-5555-0001') })
    const before = pipedrive.calls.all().length
    const found = await survey(journey)
    const asked = pipedrive.calls
      .all()
      .slice(before)
      .filter(({ path }) => /\/(persons|organizations)$/.test(path))
    expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual(['persons', 'organizations'])
    expect(found.pipedrive).toMatchObject({ persons: null })
    expect(samplesOf(found, 'name')?.[0]).toBe('newest')
    expect(samplesOf(found, 'email')).toHaveLength(3)
    expect(samplesOf(found, 'org_id.name')).toHaveLength(3)
    expect(samplesOf(found, 'open_deals_count')).toEqual([])
    expect(brevo.state.writes).toBe(0)
  })

  it('after a sync shows what the mirror has, and asks Pipedrive for no record of a person', async () => {
    const journey = await openJourney({ data: { persons: 60 } })
    await journey.sync()
    const { pipedrive } = journey.sandbox
    const before = pipedrive.calls.all().length
    const found = await survey(journey)
    const asked = pipedrive.calls.all().slice(before)
    expect(asked.filter(({ path }) => path.endsWith('/persons'))).toEqual([])
    expect(found.pipedrive.persons).toBe(60)
    expect(samplesOf(found, 'open_deals_count')?.length).toBeGreaterThan(0)
    for (const { samples } of found.pipedrive.fields) {
      expect(new Set(samples).size).toBe(samples.length)
      expect(samples.length).toBeLessThanOrEqual(3)
    }
    expect(samplesOf(found, 'owner_id')).toContain('김하늘')
    expect(samplesOf(found, 'custom_fields.lead_source')).toContain('Website')
    expect(found.suggestion.personMapping).toContainEqual({
      source: 'custom_fields.lead_source',
      target: 'LEAD_SOURCE',
      because: 'same_name',
    })
    expect(found.suggestion.lists).toEqual({
      allContacts: 60,
      qualifiedLeads: 61,
      customers: 62,
      churned: 63,
    })
  })
})

const mapping = (source: string, target: string): SyncSettings['personMapping'][number] => ({
  source,
  target,
  path: `person_mapping.${source}`,
})

describe('a preview', () => {
  it('shows real values as they would arrive, beside a row that fits nothing', async () => {
    const journey = await openJourney({ data: { persons: 30 } })
    const { brevo, pipedrive } = journey.sandbox
    addPerson(journey, 'newest@test.example', { phones: only('010-5555-0001') })
    const draft = (settings: SyncSettings): SyncSettings => ({
      ...settings,
      personMapping: [
        mapping('email', 'email'),
        mapping('phone', 'SMS'),
        mapping('custom_fields.leed_source', 'LEAD_SOURCE'),
        mapping('custom_fields.company_size', 'SIZE'),
        mapping('custom_fields.lead_source', 'DOUBLE_OPT-IN'),
      ],
      lists: { ...settings.lists, churned: 999 },
    })
    const found = await withDraft(journey, draft, (context) => previewDraft(context))
    expect(found.faults.map(({ path }) => path)).toContain('lists.churned')
    expect(found.missingAttributes).toEqual([{ name: 'SIZE', type: 'float' }])
    const [email, phone, unknown, size, unfit] = found.rows
    expect(email?.samples).toHaveLength(3)
    expect(phone).toMatchObject({ type: 'text', problem: null })
    expect(phone?.samples.every(({ to }) => to === null || /^\+\d+$/.test(to))).toBe(true)
    expect(unknown).toMatchObject({ type: null, samples: [] })
    expect(unknown?.problem).toContain('did you mean lead_source?')
    expect(size?.samples.length).toBeGreaterThan(0)
    for (const { from, to } of size?.samples ?? []) expect(to).toBe(from)
    expect(unfit).toMatchObject({ type: 'category', problem: null })
    expect(unfit?.samples[0]).toMatchObject({
      to: null,
      problem: expect.stringContaining('is not one of its categories'),
    })
    expect(brevo.state.writes).toBe(0)
    expect(pipedrive.calls.all().filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('and a survey share one look at the accounts', async () => {
    const journey = await openJourney({ data: { persons: 6 } })
    await withDraft(journey, saved, async (context) => {
      const seen = await seeAccounts(context)
      const before = calls(journey)
      await surveyAccounts(context, seen)
      await previewDraft(context, seen)
      expect(calls(journey)).toBe(before)
    })
  })
})

function calls({ sandbox }: Journey): number {
  return sandbox.pipedrive.calls.all().length + sandbox.brevo.calls.all().length
}
