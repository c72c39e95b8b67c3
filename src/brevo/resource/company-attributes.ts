/** The attributes a company can have. Changes and deletes none. */
import type { BrevoCalls } from '../calls.ts'
import { refusal } from '../check-request.ts'
import type { BrevoClient, BrevoCompanyAttributeOptions } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { readAll } from '../read-records.ts'
import { type BrevoCompanyAttributeType, companyAttributeSchema } from '../record/company.ts'
import { createdInCrm } from './account.ts'

const { companyAttributes } = ENDPOINTS

const MOST_LABEL_CHARACTERS = 50

export function createCompanyAttributes(calls: BrevoCalls): BrevoClient['companyAttributes'] {
  return {
    list: async (options) =>
      readAll(
        (await calls.request(companyAttributes.list, { options })).list,
        companyAttributeSchema,
        'company attribute',
      ),
    async create(label, type, { optionsLabels, description, ...options } = {}) {
      assertLabel(label)
      assertChoices(type, optionsLabels)
      const body = { label, attributeType: type, objectType: 'companies', optionsLabels, description }
      return createdInCrm(calls, companyAttributes.create, body, options)
    },
  }
}

function assertLabel(label: string): void {
  if (label.trim() !== '' && label.length <= MOST_LABEL_CHARACTERS) return
  throw refusal(
    `"${label}" is no label for an attribute: it takes 1 to ${MOST_LABEL_CHARACTERS} characters, not only blanks.`,
  )
}

function assertChoices(
  type: BrevoCompanyAttributeType,
  labels: BrevoCompanyAttributeOptions['optionsLabels'],
): void {
  const isChoice = type === 'single-select' || type === 'multi-choice'
  if (isChoice && (labels === undefined || labels.length === 0 || labels.some((label) => !label.trim()))) {
    throw refusal(`An attribute of type ${type} needs optionsLabels, none of them blank.`)
  }
  if (!isChoice && labels !== undefined) {
    throw refusal(`An attribute of type ${type} has no options; leave optionsLabels out.`)
  }
}
