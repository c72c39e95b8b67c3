/** The skills that ship, and the example of the documents: each is what the format wants. */
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BUILT_IN_SKILLS } from '../config/index.ts'
import { loadShippedSkills, readSkill } from './index.ts'

describe('the skills that ship', () => {
  const shipped = loadShippedSkills()

  test('are one for each capability, all without faults', () => {
    expect(shipped.flatMap(({ file, faults }) => faults.map((fault) => ({ file, ...fault })))).toEqual([])
    expect(shipped.map(({ name }) => name).toSorted()).toEqual([...BUILT_IN_SKILLS].toSorted())
  })

  test('are related to skills that there are, and say how they are switched', () => {
    for (const { skill } of shipped) {
      expect(skill?.relatedSkills.filter((name) => !shipped.some((other) => other.name === name))).toEqual([])
      expect(skill?.body).toContain('## Switching')
      expect(skill?.builtIn).toBe(true)
    }
  })
})

test('the example is a skill without faults, and stands in the documents as it is', () => {
  const file = 'examples/skills/big-deal-alert.md'
  const read = readSkill({ file, name: 'big-deal-alert', text: fs.readFileSync(file, 'utf8') })
  expect(read.faults).toEqual([])
  const [, yaml = ''] = fs.readFileSync(file, 'utf8').split(/^---$/m)
  expect(fs.readFileSync('docs/skills.md', 'utf8')).toContain(`---${yaml}---`)
  expect(read.skill?.triggers).toMatchObject([
    { kind: 'event', event: 'deal_stage_changed', debounceMs: 300_000 },
  ])
})
