/** Skills: what reacts to changes. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import { skillVerdict, skillView } from '../shapes/skills.ts'

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
})
