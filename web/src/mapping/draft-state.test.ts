import { describe, expect, test } from 'vitest'
import {
  beginDraft,
  type Draft,
  type DraftAction,
  isDirty,
  reduceDraft,
  toSend,
  toTarget,
} from './draft-state.ts'

const draft: Draft = {
  personMapping: [
    { source: 'email', target: 'email' },
    { source: 'first_name', target: 'FIRSTNAME' },
    { source: 'custom_fields.industry', target: 'INDUSTRY' },
  ],
  sync: { persons: true, deals: true, organizations: true, activities: true, leads: false },
  lists: { allContacts: 60, qualifiedLeads: null, customers: 62, churned: null },
  stageLists: [
    { stage: '1', listId: 61 },
    { stage: 'Sales/Offer', listId: 62 },
  ],
  defaultCountry: 'KR',
  bothWays: false,
}
const viewOf = (revision: string, changes: Partial<Draft> = {}) => ({
  place: 'file' as const,
  file: '/etc/tajo.yaml',
  exists: true,
  revision,
  draft: { ...draft, ...changes },
  faults: [],
  undo: null,
})
const begun = beginDraft(viewOf('a'))
const edited = (...actions: DraftAction[]) => actions.reduce(reduceDraft, begun)
const retarget: DraftAction = { type: 'retarget', source: 'first_name', target: ' name ' }

describe('rows', () => {
  test('a row is added once, at the end', () => {
    const add: DraftAction = { type: 'addRow', source: 'job_title', target: 'JOB' }
    const state = edited(add, { ...add, target: 'OTHER' })
    expect(state.draft.personMapping.slice(3)).toEqual([{ source: 'job_title', target: 'JOB' }])
    expect(isDirty(state)).toBe(true)
  })

  test('a row is removed, and is no change any more when it comes back as it was', () => {
    const removed = edited({ type: 'removeRow', source: 'first_name' })
    expect(removed.draft.personMapping).toHaveLength(2)
    expect(isDirty(removed)).toBe(true)
    const back = reduceDraft(removed, { type: 'addRow', source: 'first_name', target: 'FIRSTNAME' })
    expect(isDirty(back)).toBe(false)
  })

  test('a target stays as it is typed and is sent as the settings have it', () => {
    const state = edited(retarget)
    expect(state.draft.personMapping[1]?.target).toBe(' name ')
    expect(toSend(state.draft).personMapping[1]).toEqual({ source: 'first_name', target: 'NAME' })
    expect(toTarget(' Email ')).toBe('email')
  })

  test('two rows may be given one target: the pipeline says what is wrong with it', () => {
    const state = edited({ type: 'retarget', source: 'first_name', target: 'INDUSTRY' })
    expect(toSend(state.draft).personMapping.filter(({ target }) => target === 'INDUSTRY')).toHaveLength(2)
  })

  test('a row without a target is not sent, and counts as unsaved', () => {
    const state = edited({ type: 'addRow', source: 'notes', target: '' })
    expect(toSend(state.draft)).toEqual(draft)
    expect(isDirty(state)).toBe(true)
  })

  test('other capitals are no change', () => {
    expect(isDirty(edited({ type: 'retarget', source: 'first_name', target: 'firstName' }))).toBe(false)
  })
})

describe('stages', () => {
  test('keep the way in which they are written', () => {
    const state = edited({ type: 'setStage', stages: ['2', 'Sales/Offer'], listId: 70 })
    expect(state.draft.stageLists[1]).toEqual({ stage: 'Sales/Offer', listId: 70 })
  })

  test('are added by the first of their spellings, and removed by all', () => {
    const added = edited({ type: 'setStage', stages: ['3'], listId: 70 })
    expect(added.draft.stageLists[2]).toEqual({ stage: '3', listId: 70 })
    const removed = edited({ type: 'setStage', stages: ['2', 'Sales/Offer'], listId: null })
    expect(removed.draft.stageLists).toEqual([{ stage: '1', listId: 61 }])
  })

  test('written twice are written once afterwards', () => {
    const state = edited({ type: 'setStage', stages: ['1', 'Sales/Offer'], listId: 5 })
    expect(state.draft.stageLists).toEqual([{ stage: '1', listId: 5 }])
  })
})

test('all else is set by itself, and a reset takes everything back', () => {
  const state = edited(
    { type: 'setSync', part: 'leads', on: true },
    { type: 'setList', role: 'churned', listId: 63 },
    { type: 'setCountry', country: null },
    { type: 'setBothWays', on: true },
  )
  expect(state.draft).toEqual({
    ...draft,
    sync: { ...draft.sync, leads: true },
    lists: { ...draft.lists, churned: 63 },
    defaultCountry: null,
    bothWays: true,
  })
  expect(reduceDraft(state, { type: 'reset' })).toEqual(begun)
})

describe('what somebody else saved', () => {
  const theirs = viewOf('b', { defaultCountry: 'DE', bothWays: true })

  test('is followed by whoever changed nothing', () => {
    expect(reduceDraft(begun, { type: 'seen', view: theirs })).toEqual(beginDraft(theirs))
  })

  test('waits beside what was typed', () => {
    const state = edited(retarget, { type: 'seen', view: theirs })
    expect(state.theirs).toBe(theirs)
    expect(state.draft.personMapping[1]?.target).toBe(' name ')
    expect(state.draft.bothWays).toBe(false)
  })

  test('may be taken', () => {
    expect(edited(retarget, { type: 'seen', view: theirs }, { type: 'takeTheirs' })).toEqual(
      beginDraft(theirs),
    )
  })

  test('stays where only they changed something, and mine where I did', () => {
    const mine: DraftAction = { type: 'setCountry', country: 'JP' }
    const state = edited(retarget, mine, { type: 'seen', view: theirs }, { type: 'keepMine' })
    expect(state.view).toBe(theirs)
    expect(state.draft.bothWays).toBe(true)
    expect(state.draft.defaultCountry).toBe('JP')
    expect(state.draft.personMapping[1]?.target).toBe('NAME')
    expect(state.theirs).toBeNull()
  })

  test('is nothing when the revision is the same', () => {
    const again = { ...viewOf('a'), undo: { savedAt: '2026-11-28T20:00:00Z' } }
    const state = edited(retarget, { type: 'seen', view: again })
    expect(state.theirs).toBeNull()
    expect(state.view.undo).not.toBeNull()
  })
})

describe('after a saving', () => {
  const saved = viewOf('b', { defaultCountry: null })

  test('nothing is unsaved', () => {
    const changed = edited({ type: 'setCountry', country: null })
    const state = reduceDraft(changed, { type: 'saved', view: saved, sent: toSend(changed.draft) })
    expect(isDirty(state)).toBe(false)
    expect(state.view).toBe(saved)
  })

  test('what was typed meanwhile is still there', () => {
    const changed = edited({ type: 'setCountry', country: null })
    const sent = toSend(changed.draft)
    const typed = [retarget, { type: 'addRow', source: 'notes', target: '' } as const].reduce(
      reduceDraft,
      changed,
    )
    const state = reduceDraft(typed, { type: 'saved', view: saved, sent })
    expect(toSend(state.draft).personMapping[1]?.target).toBe('NAME')
    expect(state.draft.personMapping.at(-1)).toEqual({ source: 'notes', target: '' })
    expect(state.draft.defaultCountry).toBeNull()
  })
})
