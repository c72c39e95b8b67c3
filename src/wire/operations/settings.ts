/** The settings of a connection as a person edits them without a file, and holding its work while it is being set up. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import { hold } from '../shapes/run.ts'
import {
  accountSurvey,
  brevoList,
  settingsDraft,
  settingsPreview,
  settingsTrial,
  settingsView,
  targetAttribute,
} from '../shapes/settings.ts'

const based = { base: z.string().describe('The revision that was read') }

export const settingsOperations = defineOperations({
  'settings.read': {
    method: 'GET',
    path: '/settings',
    scope: 'read',
    summary: 'What may be edited of the settings, as it stands',
    params: z.strictObject({}),
    result: settingsView,
  },
  'settings.survey': {
    method: 'POST',
    path: '/settings/survey',
    scope: 'operate',
    summary: 'What both accounts have to offer for a mapping, with values of real records and a suggestion',
    params: z.strictObject({}),
    result: accountSurvey,
    repeatable: true,
  },
  'settings.preview': {
    method: 'POST',
    path: '/settings/preview',
    scope: 'operate',
    summary:
      'A draft against both accounts: its faults, its lines in the file, and how values of real records would arrive',
    params: z.strictObject({ draft: settingsDraft }),
    result: settingsPreview,
    repeatable: true,
  },
  'settings.tryOut': {
    method: 'POST',
    path: '/settings/trial',
    scope: 'operate',
    summary: 'What a draft would change in Brevo, contact by contact; changes nothing',
    params: z.strictObject({ draft: settingsDraft }),
    result: settingsTrial,
    progress: true,
    repeatable: true,
  },
  'settings.save': {
    method: 'PUT',
    path: '/settings',
    scope: 'admin',
    summary:
      'Writes a draft where the settings are kept, comments and all else as they were, and puts it to use',
    params: z.strictObject({ draft: settingsDraft, ...based }),
    result: settingsView,
  },
  'settings.undo': {
    method: 'POST',
    path: '/settings/undo',
    scope: 'admin',
    summary: 'Takes the last saving back',
    params: z.strictObject(based),
    result: settingsView,
  },
  'settings.createAttribute': {
    method: 'POST',
    path: '/settings/attributes',
    scope: 'admin',
    summary: 'Makes a contact attribute in Brevo',
    params: z.strictObject({ name: z.string().min(1), type: z.enum(['text', 'date', 'float', 'boolean']) }),
    result: targetAttribute,
  },
  'settings.createList': {
    method: 'POST',
    path: '/settings/lists',
    scope: 'admin',
    summary: 'Makes a contact list in Brevo',
    params: z.strictObject({ name: z.string().min(1).max(100) }),
    result: brevoList,
  },
  'hold.begin': {
    method: 'PUT',
    path: '/hold',
    scope: 'operate',
    summary: 'The server lets the connection rest; webhooks are kept for later',
    params: z.strictObject({ because: z.enum(['setup', 'person']).default('person') }),
    result: hold,
    repeatable: true,
  },
  'hold.end': {
    method: 'DELETE',
    path: '/hold',
    scope: 'operate',
    summary: 'The server goes on with the connection',
    params: z.strictObject({}),
    result: z.strictObject({ wasHeld: z.boolean() }),
    repeatable: true,
  },
})
