/** The blocks about skills. What stands in a skill's own file is checked in `src/skills`. */
import { z } from 'zod'
import { flag, text } from './leaf.ts'

/** Names of skills, and of their files: no path can be written with it. */
export const SKILL_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

export const skills = z
  .record(
    text('expected the name of a skill: small letters, digits and single hyphens', SKILL_NAME),
    z.strictObject(
      { enabled: flag(true).describe('Whether the skill is on.') },
      { error: 'expected a block with enabled in it' },
    ),
    { error: 'expected a block of "skill-name: { enabled: false }"' },
  )
  .default({})
  .describe('Skills by name: those that ship with Tajo, and your own.')

export const skillsDirectory = text('expected the path of a directory', /\S/)
  .default('skills')
  .describe('Where your own skills are; relative to this file.')
