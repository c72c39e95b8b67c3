import { describe, expect, it } from 'vitest'
import { type AccountSurvey, surveyAccounts } from '../../src/sync/index.ts'
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
    addPerson(journey, 'newest@test.example', { job_title: 'Astronaut', phones: only('+82 10-5555-0001') })
    const before = pipedrive.calls.all().length
    const found = await survey(journey)
    const asked = pipedrive.calls
      .all()
      .slice(before)
      .filter(({ path }) => /\/(persons|organizations)$/.test(path))
    expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual(['persons', 'organizations'])
    expect(found.pipedrive).toMatchObject({ persons: null })
    expect(samplesOf(found, 'job_title')).toContain('Astronaut')
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
