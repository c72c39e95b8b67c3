import { describe, expect, test } from 'vitest'
import { fromChangelog } from './from-changelog.ts'

const change = (field_key: string, old_value: unknown, new_value: unknown, time: string) => ({
  field_key,
  old_value,
  new_value,
  time,
})
const now = { stageId: 3, pipelineId: 1, status: 'open' as const, value: 100, currency: 'EUR' }

describe('a changelog', () => {
  test('R10.1 becomes steps, oldest first, each with the value of its time', () => {
    const changes = [
      change('status', 'open', 'won', '2026-02-03 10:00:00'),
      change('value', '50', '100', '2026-02-02 10:00:00'),
      change('stage_id', '2', '3', '2026-02-01 10:00:00'),
      change('title', 'Old', 'New', '2026-01-20 10:00:00'),
      change('stage_id', '1', '2', '2026-01-10 10:00:00'),
    ]
    const { steps, gaps } = fromChangelog(changes, { ...now, status: 'won' })
    expect(gaps).toBe(false)
    expect(
      steps.map(({ at, from, to, value }) => [at.slice(0, 10), from.stageId, to.stageId, to.status, value]),
    ).toEqual([
      ['2026-01-10', 1, 2, 'open', 50],
      ['2026-02-01', 2, 3, 'open', 50],
      ['2026-02-03', 3, 3, 'won', 100],
    ])
  })

  test('R10.1 tells which pipeline a deal came from', () => {
    const at = '2026-02-01 10:00:00'
    const changes = [change('stage_id', '1', '6', at), change('pipeline_id', '1', '2', at)]
    const { steps } = fromChangelog(changes, { ...now, stageId: 6, pipelineId: 2 })
    expect(steps).toMatchObject([{ from: { stageId: 1, pipelineId: 1 }, to: { stageId: 6, pipelineId: 2 } }])
  })

  test('knows that something is missing between two changes', () => {
    const changes = [
      change('stage_id', '3', '4', '2026-02-02 10:00:00'),
      change('stage_id', '1', '2', '2026-02-01 10:00:00'),
    ]
    expect(fromChangelog(changes, { ...now, stageId: 4 }).gaps).toBe(true)
  })

  test('takes neither the creation nor a deletion for a move', () => {
    const changes = [
      change('status', 'deleted', 'open', '2026-02-02 11:00:00'),
      change('status', 'open', 'deleted', '2026-02-02 10:00:00'),
      change('stage_id', null, '3', '2026-02-01 10:00:00'),
    ]
    expect(fromChangelog(changes, now)).toEqual({ steps: [], gaps: false })
  })
})
