/** Skills at the end of passes, on a clock that leaps: waits, schedules, requests, loops and consent. */
import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addPerson, contactOf, type Journey, openJourney } from '../support/journey.ts'
import { dayMs, type LeapingClock, leapingClock, minuteMs } from '../support/leaping-clock.ts'
import {
  addDeal,
  addList,
  eventsNamed,
  moveDeal,
  notesOf,
  skillOf,
  skillsDirectory,
  stagesOf,
  writeSkill,
} from '../support/skill-scene.ts'

type Scene = Journey & { readonly clock: LeapingClock }

/** After the first complete sync: from here on changes are news. */
async function openScene(options: { yaml?: (text: string) => string } = {}): Promise<Scene> {
  const clock = leapingClock()
  const journey = await openJourney({ data: { persons: 6 }, twoWay: true, clock, ...options })
  expect(await journey.sync()).toMatchObject({ status: 'complete' })
  return Object.assign(Object.create(journey) as Journey, { clock })
}

const note = '  - pipedrive/add-note: { content: "{{ stage }}" }'
const onMoves = (more = ''): string => `  - event: deal_stage_changed${more}`

async function runStates({ service }: Journey): Promise<readonly string[]> {
  const runs = await service.skills.runs()
  return runs.toSorted((a, b) => a.run - b.run).map(({ state }) => state)
}

describe('waits', () => {
  it('debounce: the first move runs at once, what follows within the time is one run at its end', async () => {
    const scene = await openScene()
    writeSkill(scene, 'noter', skillOf('noter', onMoves('\n    debounce: 5m'), note))
    const [, second = 0, third = 0, fourth = 0] = stagesOf(scene)
    const deal = addDeal(scene, 'a@test.example', { value: 1 })
    await scene.sync()
    for (const [stage, notes] of [
      [second, 1],
      [third, 1],
      [fourth, 1],
    ] as const) {
      moveDeal(scene, deal, stage)
      await scene.sync()
      expect(notesOf(scene, deal)).toHaveLength(notes)
    }
    expect(await runStates(scene)).toEqual(['done', 'skipped', 'waiting'])
    scene.clock.leap(5 * minuteMs)
    await scene.sync()
    await scene.sync()
    expect(notesOf(scene, deal)).toHaveLength(2)
    expect(await runStates(scene)).toEqual(['done', 'skipped', 'done'])
  })

  it('a duration: half an hour without activity is waited for, and begins anew with each change', async () => {
    const scene = await openScene()
    const trigger =
      '  - event: deal_added\n    conditions:\n      - time_since_activity: ">= 30m"\n      - value: "> 5"'
    writeSkill(scene, 'idle', skillOf('idle', trigger, note))
    const deal = addDeal(scene, 'a@test.example', { value: 10 })
    await scene.sync()
    scene.clock.leap(20 * minuteMs)
    scene.sandbox.pipedrive.state.patch('deal', deal, { value: 20 })
    await scene.sync()
    scene.clock.leap(20 * minuteMs)
    await scene.sync()
    expect(await runStates(scene)).toEqual(['waiting'])
    scene.clock.leap(11 * minuteMs)
    await scene.sync()
    expect(await runStates(scene)).toEqual(['done'])
    expect(notesOf(scene, deal)).toHaveLength(1)
  })
})

describe('schedules', () => {
  it('run at their times; those that were missed are made up for by one run', async () => {
    const scene = await openScene()
    addPerson(scene, 'boss@test.example')
    const action = '  - brevo/track-event: { event: good_morning, email: boss@test.example }'
    writeSkill(
      scene,
      'morning',
      skillOf('morning', '  - schedule: "0 9 * * *"\n    timezone: Europe/Berlin', action),
    )
    const mornings = () => eventsNamed(scene, 'good_morning').length
    await scene.sync()
    expect(mornings()).toBe(0)
    scene.clock.leap(3 * dayMs)
    await scene.sync()
    await scene.sync()
    expect(mornings()).toBe(1)
    scene.clock.leap(dayMs)
    await scene.sync()
    expect(mornings()).toBe(2)
  })
})

describe('requests', () => {
  it('a dry run tells what would be done and does nothing; a request does it, and is recorded', async () => {
    const scene = await openScene()
    const { id } = { id: addPerson(scene, 'ann@test.example') }
    const action =
      '  - brevo/track-event: { event: asked, properties: { days: "{{ input.days }}", who: "{{ person.name }}" } }'
    writeSkill(scene, 'asked-for', skillOf('asked-for', '  - event: agent_request', action))
    await scene.sync()
    const request = { record: { entity: 'person' as const, id }, input: { days: 3 } }
    expect(await scene.service.skills.run('asked-for', { ...request, dryRun: true })).toMatchObject({
      state: 'planned',
      run: null,
      planned: [
        { name: 'brevo/track-event', parameters: { event: 'asked', properties: { days: 3, who: 'ann' } } },
      ],
    })
    expect(eventsNamed(scene, 'asked')).toEqual([])
    expect(await scene.service.skills.run('asked-for', request)).toMatchObject({
      state: 'done',
      actions: [{ name: 'brevo/track-event', result: 'event asked sent' }],
    })
    expect(eventsNamed(scene, 'asked')).toHaveLength(1)
    expect(await scene.service.skills.runs({ skill: 'asked-for' })).toMatchObject([
      { trigger: 'agent_request', subject: `person ${id}`, state: 'done' },
    ])
  })

  it('what waits for events only, is unknown, ships, or is a path is refused; a dry run of it tells why not', async () => {
    const scene = await openScene()
    writeSkill(scene, 'noter', skillOf('noter', onMoves('\n    conditions:\n      - value: "> 5000"'), note))
    const deal = addDeal(scene, 'a@test.example', { value: 1 })
    await scene.sync()
    const { skills } = scene.service
    await expect(skills.run('noter')).rejects.toMatchObject({ code: 'skill_not_runnable' })
    await expect(skills.run('pipedrive-lead-sync')).rejects.toMatchObject({ code: 'skill_not_runnable' })
    await expect(skills.run('notre')).rejects.toThrow('the nearest is noter')
    for (const name of ['../noter', '/etc/passwd', '..', 'noter.md', 'a/b'])
      await expect(skills.run(name)).rejects.toMatchObject({ code: 'skill_name_invalid' })
    const record = { entity: 'deal' as const, id: deal }
    expect(await skills.run('noter', { record, dryRun: true })).toMatchObject({
      state: 'skipped',
      reason: 'the condition value: "> 5000" does not hold',
    })
  })

  it('a file that leads out of the directory is not read, and stops no other', async () => {
    const scene = await openScene()
    writeSkill(scene, 'noter', skillOf('noter', onMoves(), note))
    const outside = join(skillsDirectory(scene), '..', 'outside.md')
    fs.writeFileSync(outside, skillOf('outside', onMoves(), note))
    fs.symlinkSync(outside, join(skillsDirectory(scene), 'outside.md'))
    writeSkill(scene, 'broken', '# nothing')
    const own = (await scene.service.skills.list()).filter(({ builtIn }) => !builtIn)
    expect(own.map(({ name, state }) => [name, state])).toEqual([
      ['broken', 'invalid'],
      ['noter', 'on'],
      ['outside', 'invalid'],
    ])
    expect(own[2]?.faults[0]).toContain('a link that leads out of its directory')
    const { items } = await scene.service.check({ fix: false })
    expect(items.filter(({ subject }) => subject.startsWith('skill ')).map(({ subject }) => subject)).toEqual(
      ['skill broken', 'skill outside'],
    )
  })
})

describe('loops', () => {
  it('what nobody saw beforehand is stopped at the sixth run for one record, with a failure', async () => {
    const scene = await openScene()
    writeSkill(scene, 'noter', skillOf('noter', onMoves(), note))
    const [first = 0, second = 0] = stagesOf(scene)
    const deal = addDeal(scene, 'a@test.example', { value: 1 })
    await scene.sync()
    // Somebody's automation moves the deal whenever it gets a note.
    for (let turn = 0; turn < 6; turn++) {
      moveDeal(scene, deal, turn % 2 === 0 ? second : first)
      await scene.sync()
    }
    expect(notesOf(scene, deal)).toHaveLength(5)
    const [failure] = await scene.service.failures.list()
    expect(failure).toMatchObject({ entity: 'skill run', code: 'skill_looping' })
    expect(failure?.message).toContain('ran 5 times within ten minutes')
    scene.clock.leap(11 * minuteMs)
    await scene.service.failures.retry({ ids: [failure?.id ?? ''] }, {})
    expect(notesOf(scene, deal)).toHaveLength(6)
    expect(await scene.service.failures.list()).toEqual([])
  })

  it('an activity of its own does not set a skill off, though its file says so by then', async () => {
    const scene = await openScene()
    const activity = '  - pipedrive/add-activity: { subject: "Call {{ deal.title }}", due_in: 2d }'
    writeSkill(scene, 'caller', skillOf('caller', '  - event: deal_won', activity))
    // Without it no activity is read before.
    const seen = '  - brevo/track-event: { event: seen }'
    writeSkill(scene, 'watcher', skillOf('watcher', '  - event: activity_updated', seen))
    const deal = addDeal(scene, 'a@test.example', { value: 1 })
    await scene.sync()
    scene.sandbox.pipedrive.state.patch('deal', deal, { status: 'won' })
    await scene.sync()
    const track = '  - brevo/track-event: { event: called }'
    writeSkill(scene, 'caller', skillOf('caller', '  - event: activity_added', track))
    await scene.sync()
    await scene.sync()
    expect(eventsNamed(scene, 'called')).toEqual([])
    expect(await scene.service.failures.list()).toMatchObject([{ code: 'skill_looping' }])
  })

  it('one skill may set off another by the event that it tracks', async () => {
    const scene = await openScene()
    const size = '\n    conditions:\n      - size: ">= 10"'
    writeSkill(
      scene,
      'first',
      skillOf(
        'first',
        '  - event: deal_won',
        '  - brevo/track-event: { event: sold, properties: { size: "{{ value }}" } }',
      ),
    )
    writeSkill(
      scene,
      'second',
      skillOf(
        'second',
        `  - event: sold${size}`,
        '  - pipedrive/add-note: { content: "Sold for {{ size }}" }',
      ),
    )
    const deal = addDeal(scene, 'a@test.example', { value: 12 })
    await scene.sync()
    scene.sandbox.pipedrive.state.patch('deal', deal, { status: 'won' })
    await scene.sync()
    await scene.sync()
    expect(eventsNamed(scene, 'sold')).toHaveLength(1)
    const notes = [...scene.sandbox.pipedrive.state.tables.note.all()].map(({ content }) => String(content))
    expect(notes.filter((content) => content.startsWith('Sold for 12'))).toHaveLength(1)
  })
})

describe('deals in Brevo', () => {
  it('R5.7: get the values once in effect, though an answer is lost; one that is not there is a failure', async () => {
    const scene = await openScene()
    const { brevo } = scene.sandbox
    const id = brevo.state.addDeal({ name: 'Theirs', attributes: { amount: 1, deal_owner: 'x' } })
    const action = (deal: string): string =>
      `  - brevo/update-deal: { deal_id: "${deal}", attributes: { deal_name: "{{ deal.title }}", amount: "{{ deal.value }}" } }`
    writeSkill(scene, 'dealer', skillOf('dealer', onMoves(), action(id)))
    const [, second = 0, third = 0] = stagesOf(scene)
    const deal = addDeal(scene, 'a@test.example', { value: 9000 })
    await scene.sync()
    brevo.faults.add({ method: 'PATCH', path: '/crm/deals/', fault: { kind: 'cut-after' } })
    moveDeal(scene, deal, second)
    await scene.sync()
    const attributes = { amount: 9000, deal_owner: 'x' }
    expect(brevo.state.deals()).toEqual([{ id, name: 'Deal of a@test.example', attributes }])
    expect(await scene.service.skills.runs()).toMatchObject([
      { state: 'done', actions: [{ name: 'brevo/update-deal', result: `deal ${id} updated` }] },
    ])
    writeSkill(scene, 'dealer', skillOf('dealer', onMoves(), action('f'.repeat(24))))
    moveDeal(scene, deal, third)
    await scene.sync()
    expect(await scene.service.failures.list()).toMatchObject([{ code: 'brevo_not_found' }])
  })
})

describe('consent and switches', () => {
  it('R4.1: nobody who is blocklisted is put on a list', async () => {
    const scene = await openScene()
    const list = await addList(scene)
    writeSkill(scene, 'lister', skillOf('lister', onMoves(), `  - brevo/add-to-list: { list_id: ${list} }`))
    const [, second = 0] = stagesOf(scene)
    const yes = addDeal(scene, 'yes@test.example', { value: 1 })
    const no = addDeal(scene, 'no@test.example', { value: 1 })
    await scene.sync()
    scene.sandbox.brevo.state.blockContact('no@test.example')
    moveDeal(scene, yes, second)
    moveDeal(scene, no, second)
    await scene.sync()
    expect(contactOf(scene, 'yes@test.example').listIds).toContain(list)
    expect(contactOf(scene, 'no@test.example').listIds).not.toContain(list)
    const results = (await scene.service.skills.runs()).flatMap(({ actions }) =>
      actions.map(({ result }) => result),
    )
    expect(results.filter((result) => result?.includes('is blocklisted'))).toHaveLength(1)
  })

  it('a skill that ships and is off sends nothing, and one of one’s own notices the same change all the same', async () => {
    const scene = await openScene({
      yaml: (text) => `${text}\nskills: { pipedrive-deal-stage-tracking: { enabled: false } }\n`,
    })
    writeSkill(scene, 'noter', skillOf('noter', onMoves(), note))
    const [, second = 0] = stagesOf(scene)
    const deal = addDeal(scene, 'a@test.example', { value: 1 })
    await scene.sync()
    moveDeal(scene, deal, second)
    await scene.sync()
    expect(eventsNamed(scene, 'deal_stage_changed')).toEqual([])
    expect(notesOf(scene, deal)).toHaveLength(1)
    const shipped = (await scene.service.skills.list()).find(
      ({ name }) => name === 'pipedrive-deal-stage-tracking',
    )
    expect(shipped).toMatchObject({
      state: 'off',
      because: 'skills.pipedrive-deal-stage-tracking.enabled is false',
    })
  })
})
