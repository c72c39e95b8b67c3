/** What `tajo sync --dry-run` and `tajo explain` say of both directions, against what a sync then does (rule R9). */
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { addPerson, contactOf, type Journey, openJourney, pipedriveWrites } from '../support/journey.ts'
import { tajo } from './cli-process.ts'

const ada = 'ada.king@example.test'
const bob = 'bob.stone@example.test'
const form = 'new.lead@example.test'

async function openTwo(reverse: string) {
  const journey = await openJourney({
    data: { persons: 8 },
    twoWay: true,
    yaml: (text) => text.replace('  consent_field:', `${reverse}\n  consent_field:`),
  })
  const { state } = journey.sandbox.pipedrive
  const brevo = journey.sandbox.brevo.state
  const industry = state.seed.fields.find(({ field_name }) => field_name === 'Industry')?.field_code ?? ''
  const values = {
    name: 'Ada King',
    first_name: 'Ada',
    last_name: 'King',
    custom_fields: { [industry]: 'Steel' },
  }
  const id = addPerson(journey, ada, values)
  const other = addPerson(journey, bob, { name: 'Bob Stone', custom_fields: { [industry]: 'Wood' } })
  expect(await journey.sync()).toMatchObject({ status: 'complete' })
  return { journey, state, brevo, industry, id, other }
}

/** Runs the command over the store of the journey, as it stands in a terminal. */
async function command(journey: Journey, ...args: string[]): Promise<string> {
  await journey.close()
  const { environment } = journey
  const ran = await tajo(args, dirname(environment.TAJO_CONFIG ?? ''), { ...environment })
  await journey.reopen()
  expect(ran, ran.stderr).toMatchObject({ code: 0 })
  expect(ran.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  return ran.stdout
}

/** How often either side was written to. */
function writes(journey: Journey): readonly [number, number] {
  return [pipedriveWrites(journey).length, journey.sandbox.brevo.state.writes]
}

it('R9.2 a dry run and explain show each winner and why, write nothing, and the sync does just that', async () => {
  const { journey, state, brevo, industry, id, other } = await openTwo(
    '  conflict: pipedrive\n  create_persons: all',
  )
  const settled = await journey.sync()
  expect(settled.persons).toEqual({ created: 0, updated: 0, conflicts: 0 })
  brevo.editContact(ada, { INDUSTRY: 'Glass', LEAD_SOURCE: 'Carrier pigeon' })
  state.patch('person', id, { name: 'Augusta King', first_name: 'Augusta', last_name: 'King' })
  brevo.editContact(bob, { INDUSTRY: 'Paper' })
  state.patch('person', other, { custom_fields: { [industry]: 'Stone' } })
  brevo.addContact({ email: form, attributes: { FIRSTNAME: 'Nell', INDUSTRY: 'Film' } })
  const before = writes(journey)

  const report = await journey.sync({ dryRun: true })
  expect(report.persons).toEqual({ created: 1, updated: 1, conflicts: 1 })
  expect(report.preview?.persons).toMatchObject([
    {
      action: 'update',
      personId: id,
      fields: [{ name: 'INDUSTRY', from: 'Steel', to: 'Glass', because: 'changed_in_brevo' }],
    },
    { action: 'create', personId: null, email: form },
  ])
  expect(report.preview?.conflicts).toMatchObject([
    { personId: other, name: 'INDUSTRY', winner: 'pipedrive', because: 'pipedrive' },
  ])
  const shown = await command(journey, 'sync', '--dry-run')
  const words = shown.replaceAll(/\s+/g, ' ')
  expect(words).toContain(`update person ${id}: INDUSTRY "Steel" → "Glass" (changed in Brevo only)`)
  expect(words).toMatch(/create person for contact \d+ \(new\.lead@example\.test\): .*FIRSTNAME "Nell"/)
  expect(words).toContain(
    `person ${other}: INDUSTRY Pipedrive "Stone" wins over Brevo "Paper" (conflict: pipedrive)`,
  )
  expect(shown).toContain('A sync would update 1 person and create 1 person in Pipedrive.')

  const { reverse, outcome, verdict } = await journey.service.explain(ada)
  expect([outcome, verdict]).toEqual(['waiting', expect.stringContaining('each side')])
  const byName = Object.fromEntries((reverse?.fields ?? []).map((field) => [field.attribute, field]))
  expect(byName).toMatchObject({
    INDUSTRY: { inPipedrive: 'Steel', inBrevo: 'Glass', agreed: 'Steel', outcome: 'to_pipedrive' },
    FIRSTNAME: { inPipedrive: 'Augusta', inBrevo: 'Ada', agreed: 'Ada', because: 'changed_in_pipedrive' },
    LEAD_SOURCE: { outcome: 'left', because: 'cannot_be_turned_back' },
    EMAIL: { outcome: 'same' },
  })
  const explained = await command(journey, 'explain', ada)
  const sentences = explained.replaceAll(/\s+/g, ' ')
  expect(sentences).toContain('INDUSTRY to Pipedrive: changed in Brevo only')
  expect(sentences).toContain('FIRSTNAME to Brevo: changed in Pipedrive only')
  expect(sentences).toMatch(
    /LEAD_SOURCE left as it is: Brevo's value cannot be turned back: .*Carrier pigeon/,
  )
  expect(await command(journey, 'explain', bob)).toMatch(
    /INDUSTRY to Brevo: changed on both sides; conflict: pipedrive\n/,
  )
  expect(writes(journey)).toEqual(before)

  const done = await journey.sync()
  expect(done.persons).toEqual({ created: 1, updated: 1, conflicts: 1 })
  const person = (personId: number) => state.tables.person.get(personId)
  expect([person(id)?.name, person(id)?.custom_fields?.[industry]]).toEqual(['Augusta King', 'Glass'])
  expect(person(other)?.custom_fields?.[industry]).toBe('Stone')
  expect(contactOf(journey, ada).attributes).toMatchObject({ FIRSTNAME: 'Augusta', INDUSTRY: 'Glass' })
  expect(contactOf(journey, bob).attributes.INDUSTRY).toBe('Stone')
  expect(await journey.service.explain(form)).toMatchObject({ outcome: 'in_step' })
  expect(await journey.service.explain(ada)).toMatchObject({
    outcome: 'failed',
    reverse: { failure: { code: 'field_not_turned_back' } },
  })
})

it('R9.2 explain names the two times of a conflict, and follows the setting without a write', async () => {
  const { journey, state, brevo, industry, id } = await openTwo('  conflict: newest')
  state.patch('person', id, { custom_fields: { [industry]: 'Stone' } })
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  brevo.editContact(ada, { INDUSTRY: 'Paper' })
  const before = writes(journey)
  await journey.sync({ dryRun: true })
  const industryOf = async () => {
    const { reverse } = await journey.service.explain(ada)
    return reverse?.fields.find(({ attribute }) => attribute === 'INDUSTRY')
  }
  expect(await industryOf()).toMatchObject({ outcome: 'to_pipedrive', because: 'both_changed' })
  expect((await command(journey, 'explain', ada)).replaceAll(/\s+/g, ' ')).toMatch(
    /INDUSTRY to Pipedrive: changed on both sides; the record changed last wins \(Pipedrive 20\S+ \S+ UTC, Brevo 20/,
  )
  await journey.configure((text) => text.replace('conflict: newest', 'conflict: pipedrive'))
  await journey.sync({ dryRun: true })
  expect(await industryOf()).toMatchObject({ outcome: 'to_brevo', because: 'both_changed' })
  expect(writes(journey)).toEqual(before)
  await journey.configure((text) => text.replace(/(reverse_sync:\n {2}enabled:) true/, '$1 false'))
  await journey.sync({ dryRun: true })
  expect((await journey.service.explain(ada)).reverse).toBeNull()
  expect(await command(journey, 'explain', ada)).not.toContain('Both ways')
})

it('R9.5 explain tells of consent, and of a change that waits, which a dry run counts too', async () => {
  const { journey, brevo, id, other } = await openTwo('  conflict: newest')
  brevo.editContact(ada, { INDUSTRY: 'Paper' })
  brevo.editContact(bob, { INDUSTRY: 'Brick' })
  brevo.unsubscribe(ada)
  const { faults } = journey.sandbox.pipedrive
  faults.add({ fault: { kind: 'status', status: 503 }, method: 'PATCH', times: 50 })
  await journey.sync()
  faults.clear()
  const explained = await journey.service.explain(ada)
  expect(explained).toMatchObject({
    outcome: 'waiting',
    reverse: {
      consent: {
        field: 'Brevo consent',
        next: 'unsubscribed',
        emailBlocked: true,
        blockedBy: 'unsubscribed',
      },
      edit: { fields: ['INDUSTRY'], consent: 'unsubscribed' },
    },
  })
  const before = writes(journey)
  const words = (await command(journey, 'explain', ada)).replaceAll(/\s+/g, ' ')
  expect(words).toContain('becomes "unsubscribed"; in Brevo blocklisted (unsubscribed)')
  expect(words).toMatch(/Waits to go to Pipedrive since .* UTC: INDUSTRY, consent \(sent \d+ times?/)
  const shown = await command(journey, 'sync', '--dry-run')
  expect(shown).toContain(`update person ${id}: INDUSTRY`)
  // Of Bob's contact, nothing was learnt since: only the plan that waits tells of it.
  expect(shown.replaceAll(/\s+/g, ' ')).toContain(
    `update person ${other}: INDUSTRY → "Brick" (changed in Brevo; waits since an earlier sync)`,
  )
  expect(writes(journey)).toEqual(before)
  expect(await command(journey, 'sync')).toMatch(/Pipedrive persons updated +2\n/)
  expect(await journey.service.explain(ada)).toMatchObject({
    outcome: 'in_step',
    reverse: { edit: null, consent: { inPipedrive: 'unsubscribed', next: null } },
  })
})
