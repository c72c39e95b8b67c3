/** Refuses, before anything is sent, what Pipedrive would refuse or take wrongly. Looks at values only, never at records. */
import { TajoError } from '../base/error.ts'
import type { PipedriveFieldRequest } from './record/account.ts'
import type { PipedrivePersonChange } from './record/person.ts'

/** Of a field's name and of an option's label. {@link https://developers.pipedrive.com/docs/api/v1/PersonFields} */
const MOST_CHARACTERS = 255

/** Pipedrive makes the name of both parts; what one alone does to the other is not documented. */
export function assertNameParts({ first_name, last_name }: PipedrivePersonChange): void {
  if (first_name === undefined && last_name === undefined) return
  if (typeof first_name !== 'string' || typeof last_name !== 'string') {
    throw refusal(
      'A person takes first_name and last_name only together; send both, one of them may be empty.',
    )
  }
  if (`${first_name}${last_name}`.trim() === '') {
    throw refusal('first_name and last_name are both blank; a person needs a name.')
  }
}

export function assertFieldRequest({ field_name, field_type, options }: PipedriveFieldRequest): void {
  assertText(field_name, 'the name of a field')
  const isChoice = field_type === 'enum' || field_type === 'set'
  if (isChoice) assertOptionLabels((options ?? []).map(({ label }) => label))
  else if (options !== undefined) {
    throw refusal(`A field of type ${field_type} has no options; leave them out.`)
  }
}

export function assertOptionLabels(labels: readonly string[]): void {
  if (labels.length === 0) throw refusal('Name at least one option for the field.')
  for (const label of labels) assertText(label, 'the label of an option')
}

/** An empty code, or dots, would reach another address than the one meant. */
export function assertFieldCode(fieldCode: string): void {
  if (/^\w{1,255}$/.test(fieldCode)) return
  throw refusal(`"${fieldCode}" is no code of a field: custom fields have 40 hexadecimal digits.`)
}

/** The record in the path goes; nobody can tell what is left when it is also the one to stay. */
export function assertTwoRecords(id: number, intoId: number): void {
  if (id === intoId) throw refusal(`A merge takes two records, and ${id} is named twice.`)
}

function assertText(text: string, what: string): void {
  if (text.trim() !== '' && text.length <= MOST_CHARACTERS) return
  throw refusal(`"${text}" can not be ${what}: it takes 1 to ${MOST_CHARACTERS} characters, not only blanks.`)
}

export function refusal(message: string): TajoError {
  return new TajoError({ code: 'pipedrive_request_invalid', message })
}
