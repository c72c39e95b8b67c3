/** What a draft would change is counted from the store alone: it has to be what a dry run with the same settings counts, and leave no trace. */
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { listTables } from '../../src/store/table-shapes.ts'
import { type DraftContext, type DraftTrial, SettingsUnfit, tryOutDraft } from '../../src/sync/index.ts'
import { settingsFrom, withDraft } from '../support/draft-scene.ts'
import { addPerson, type Journey, only, openJourney, writesOf } from '../support/journey.ts'

type Change = (yaml: string) => string

const replaced = (yaml: string, pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, to)
  }, yaml)

const fieldCode = ({ sandbox }: Journey, name: string): string =>
  sandbox.pipedrive.state.seed.fields.find((field) => field.field_name === name)?.field_code ?? ''

/** A fingerprint of every table. */
async function traces({ store }: DraftContext): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const { name } of await listTables(store.db)) {
    const result = await sql<{ hash: string }>`
      select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from ${sql.id(name)} t`.execute(
      store.db,
    )
    found[name] = result.rows[0]?.hash ?? ''
  }
  return found
}

/** Tries the settings out, and checks that nothing in the store is different then. */
function tryOut(journey: Journey, change: Change): Promise<DraftTrial> {
  return withDraft(journey, settingsFrom(journey, change), async (context) => {
    const before = await traces(context)
    const requests = journey.sandbox.brevo.calls.all().length
    const trial = await tryOutDraft(context)
    expect(await traces(context)).toEqual(before)
    const asked = journey.sandbox.brevo.calls.all().slice(requests)
    expect(asked.every(({ method }) => method === 'GET')).toBe(true)
    return trial
  })
}

/** The trial's figures, as a dry run with these settings tells them; then the saved settings are back. */
async function dryRun(journey: Journey, change: Change) {
  let saved = ''
  await journey.configure((yaml) => {
    saved = yaml
    return change(yaml)
  })
  const report = await journey.sync({ dryRun: true })
  await journey.configure(() => saved)
  const { created, updated, unchanged } = report.contacts
  const changes = (report.preview?.changes ?? []).map(
    ({ action, personId, email, addLists, removeLists }) => ({
      action,
      personId,
      email,
      addLists,
      removeLists,
    }),
  )
  return {
    figures: { contacts: { created, updated, unchanged }, lists: report.lists, warnings: report.warnings },
    changes,
  }
}

const figuresOf = ({ contacts, lists, warnings }: DraftTrial) => ({ contacts, lists, warnings })

describe('trying a draft out', () => {
  it('R4.3 shows who would be blocklisted, in our own word', async () => {
    const journey = await openJourney({ data: { persons: 12 } })
    await journey.sync()
    const id = addPerson(journey, 'no@test.example', { marketing_status: 'unsubscribed' })
    await journey.sync({ dryRun: true })
    const { contacts, changes } = await tryOut(journey, (yaml) => yaml)
    expect(contacts).toMatchObject({ created: 1, updated: 0 })
    expect(changes).toMatchObject([{ personId: id, action: 'create' }])
    expect(changes[0]?.fields).toContainEqual({ attribute: 'blocklisted', from: false, to: true })
  })

  it('counts what a dry run with it counts, and leaves a sync with nothing to do', async () => {
    const journey = await openJourney({ data: { persons: 2000 } })
    await journey.sync()
    const change: Change = (yaml) =>
      replaced(yaml, [
        ['  custom_fields.company_size: COMPANY_SIZE\n', '  custom_fields.interests: INTERESTS\n'],
        ['  org_id.name: COMPANY\n', '  org_id.name: COMPANY\n  org_id.website: SITE\n'],
        ['      churned: 63\n', ''],
        ['      customers: 62\n', '      customers: 64\n'],
        ['default_country: KR', 'default_country: US'],
      ])
    const trial = await tryOut(journey, change)
    expect(trial.contacts.updated).toBeGreaterThan(500)
    expect(trial.changes).toHaveLength(50)
    expect(await writesOf(journey, () => journey.sync())).toBe(0)
    expect(figuresOf(trial)).toEqual((await dryRun(journey, change)).figures)
    expect(await writesOf(journey, () => journey.sync())).toBe(0)
  })

  it('of the saved settings finds nothing to change', async () => {
    const journey = await openJourney({ data: { persons: 60 } })
    await journey.sync()
    const trial = await tryOut(journey, (yaml) => yaml)
    expect(trial.contacts).toMatchObject({ created: 0, updated: 0 })
    expect(trial.changes).toEqual([])
  })

  it('R2.2: gives numbers to whom a sync would give them', async () => {
    const journey = await openJourney({ data: { persons: 20 } })
    const { brevo } = journey.sandbox
    const assistant = fieldCode(journey, 'Assistant phone')
    const add = (name: string, phone: string | null, other: string | null): number =>
      addPerson(journey, `${name}@test.example`, {
        ...(phone === null ? {} : { phones: only(phone) }),
        ...(other === null ? {} : { custom_fields: { [assistant]: other } }),
      })
    brevo.state.addContact({ email: 'stranger@test.example', attributes: { SMS: '821055550009' } })
    brevo.state.addContact({ email: 'kept@test.example', attributes: { SMS: '821055550008' } })
    add('swaps', '010-5555-0001', '010-5555-0002')
    add('back', '010-5555-0002', '010-5555-0001')
    add('gives', '010-5555-0003', null)
    add('takes', null, '010-5555-0003')
    add('refused', '010-5555-0004', '010-5555-0009')
    add('behind', '010-5555-0005', '010-5555-0004')
    add('shares', '010-5555-0006', '010-5555-0007')
    add('shares.too', null, '010-5555-0007')
    add('kept', null, null)
    add('hopes', null, '010-5555-0008')
    add('unreadable', '010-5555-0010', 'call me')
    add('waits', null, '010-5555-0010')
    await journey.sync()
    const change: Change = (yaml) =>
      replaced(yaml, [['  phone: SMS\n', '  custom_fields.assistant_phone: SMS\n']])
    const trial = await tryOut(journey, change)
    const expected = await dryRun(journey, change)
    expect(figuresOf(trial)).toEqual(expected.figures)
    expect(
      trial.changes.map(({ fields: _, ...rest }) => rest).toSorted((a, b) => a.personId - b.personId),
    ).toEqual(expected.changes.toSorted((a, b) => a.personId - b.personId))
    const smsOf = (name: string) =>
      trial.changes
        .find(({ email }) => email === `${name}@test.example`)
        ?.fields.find(({ attribute }) => attribute === 'SMS')
    expect(smsOf('swaps')).toEqual({ attribute: 'SMS', from: '+821055550001', to: '+821055550002' })
    expect(smsOf('gives')).toEqual({ attribute: 'SMS', from: '+821055550003', to: null })
    expect(smsOf('takes')).toEqual({ attribute: 'SMS', from: null, to: '+821055550003' })
    expect(smsOf('hopes')).toBeUndefined()
  })

  it('both ways counts what the merge leaves for Brevo', async () => {
    const journey = await openJourney({ data: { persons: 20 }, twoWay: true })
    await journey.sync()
    const change: Change = (yaml) =>
      replaced(yaml, [
        ['  name: FULLNAME\n', ''],
        ['  org_id.name: COMPANY\n', '  org_id.website: SITE\n'],
      ])
    const trial = await tryOut(journey, change)
    expect(figuresOf(trial)).toEqual((await dryRun(journey, change)).figures)
  })

  it('refuses what does not fit, and stops when it is told to', async () => {
    const journey = await openJourney({ data: { persons: 6 } })
    await journey.sync()
    const unfit: Change = (yaml) =>
      replaced(yaml, [['  first_name: FIRSTNAME\n', '  first_nam: FIRSTNAME\n']])
    await expect(tryOut(journey, unfit)).rejects.toThrow(SettingsUnfit)
    const stopped = withDraft(
      journey,
      settingsFrom(journey, (yaml) => yaml),
      (context) => {
        const controller = new AbortController()
        const onProgress = (): void => controller.abort(new Error('enough'))
        return tryOutDraft({ ...context, signal: controller.signal, onProgress })
      },
    )
    await expect(stopped).rejects.toThrow('enough')
  })
})
