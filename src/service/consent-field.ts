/** `tajo check --fix`: makes the person field that receives the consent (rule R9.5), or gives it the options it lacks. */
import type { PipedriveClient } from '../pipedrive/index.ts'
import { consentFieldState, consentWords, readPersonFields } from '../sync/index.ts'
import type { CheckItem } from './service-face.ts'

/** What was made; null when there was nothing to make, or nothing that could be. */
export async function makeConsentField(
  pipedrive: PipedriveClient,
  wanted: string,
  location: string | null,
): Promise<CheckItem | null> {
  const state = consentFieldState(wanted, await readPersonFields(pipedrive))
  const made = (message: string): CheckItem => ({
    level: 'fixed',
    subject: `person field ${wanted}`,
    message,
    remedy: null,
    location,
  })
  if (state.kind === 'lacks') {
    await pipedrive.personFields.addOptions(state.field.key, state.words, { lane: 'interactive' })
    return made(`got the options ${state.words.join(', ')} in Pipedrive`)
  }
  // A key is given by Pipedrive: a field cannot be made under one.
  if (state.kind !== 'missing' || /^[0-9a-f]{40}$/i.test(wanted)) return null
  await pipedrive.personFields.create(
    {
      field_name: wanted.replace(/^custom_fields\./, ''),
      field_type: 'enum',
      options: consentWords.map((label) => ({ label })),
    },
    { lane: 'interactive' },
  )
  return made(`created in Pipedrive, with the options ${consentWords.join(', ')}`)
}
