/** Makes custom fields of persons and options for them. Renames and deletes none. */
import type { PipedriveCalls } from '../calls.ts'
import { assertFieldCode, assertFieldRequest, assertOptionLabels } from '../check-request.ts'
import type { PipedriveClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { createRowReader, readAll, readOne } from '../read-records.ts'
import { fieldOptionSchema, fieldSchema } from '../record/account.ts'
import { fromV1 } from '../v1/normalise.ts'

const { fields } = ENDPOINTS

export function createPersonFieldWrites(
  calls: PipedriveCalls,
): Pick<PipedriveClient['personFields'], 'create' | 'addOptions'> {
  const old = calls.apiVersion === 'v1'
  const readField = createRowReader(fieldSchema, old ? (row) => fromV1('field', row, new Map()) : undefined)
  return {
    async create(field, options) {
      assertFieldRequest(field)
      const { field_name, ...rest } = field
      const body = old ? { name: field_name, ...rest } : field
      return readOne((await calls.request(fields.createPerson, { body, options })).data, readField, 'field')
    },
    async addOptions(fieldCode, labels, options) {
      assertFieldCode(fieldCode)
      assertOptionLabels(labels)
      const { data } = await calls.request(fields.addPersonOptions, {
        params: { field_code: fieldCode },
        body: labels.map((label) => ({ label })),
        options,
      })
      return readAll(data, createRowReader(fieldOptionSchema), 'option')
    },
  }
}
