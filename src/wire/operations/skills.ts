/** Skills: what reacts to changes. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import { skillOutcome, skillRunStates, skillRunView, skillVerdict, skillView } from '../shapes/skills.ts'

const file = z.strictObject({
  file: z.string().min(1).max(300).describe('Its name, such as big-deal-alert.md'),
  text: z.string().max(256_000),
})

export const skillOperations = defineOperations({
  'skills.list': {
    method: 'GET',
    path: '/skills',
    scope: 'read',
    summary: 'The skills that there are, on, off or invalid, and why',
    params: z.strictObject({}),
    result: z.array(skillView),
  },
  'skills.validate': {
    method: 'POST',
    path: '/skills/validate',
    scope: 'read',
    summary: 'Every fault of skills, with its line',
    params: z.strictObject({
      files: z.array(file).max(100).exactOptional().describe('Left out: the files of the directory'),
    }),
    result: z.array(skillVerdict),
  },
  'skills.run': {
    method: 'POST',
    path: '/skills/{name}/run',
    scope: 'operate',
    summary: 'Carries out a skill that may be asked for; a dry run tells what it would do',
    params: z.strictObject({
      name: z.string().min(1).max(100),
      record: z.strictObject({ entity: z.enum(['person', 'deal']), id: z.int().positive() }).exactOptional(),
      input: z.record(z.string(), z.unknown()).exactOptional(),
      dryRun: z.boolean().exactOptional(),
    }),
    result: skillOutcome,
  },
  'skills.runs': {
    method: 'GET',
    path: '/skills/runs',
    scope: 'read',
    summary: 'What skills did, and what they wait for, the newest first',
    params: z.strictObject({
      skill: z.string().max(100).exactOptional(),
      state: skillRunStates.exactOptional(),
      limit: z.int().min(1).max(1000).exactOptional(),
    }),
    result: z.array(skillRunView),
  },
})
