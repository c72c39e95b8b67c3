/** What both accounts have to offer for a mapping. It reads, and writes nothing anywhere. */
import { inStageOrder } from '../store/index.ts'
import {
  type AccountSurvey,
  mirroredPersons,
  phonesOf,
  recordsOfMirror,
  recordsOfPage,
  type SurveyRecords,
  suggestSettings,
  surveyFields,
} from './draft/index.ts'
import { type Accounts, needsOwners, resolveAccounts } from './resolve.ts'
import type { RunContext } from './run-context.ts'
import { readSomeOrganizations, readSomePersons } from './source/index.ts'

/** `settings`: the draft; for a survey, those that are there. */
export type DraftContext = Pick<
  RunContext,
  'store' | 'connection' | 'pipedrive' | 'brevo' | 'settings' | 'clock' | 'signal' | 'onProgress'
>

/** Both accounts as one look showed them. Each look costs tokens: several questions in a row can share one. */
export type SeenAccounts = {
  readonly accounts: Accounts
  readonly brevoCompany: string | null
  /** How many persons the mirror has; null before the first reading. */
  readonly persons: number | null
  /** From the mirror, else from a page of persons that was asked for. */
  readonly records: SurveyRecords
}

export async function seeAccounts(context: DraftContext): Promise<SeenAccounts> {
  const { store, connection, pipedrive, brevo, settings, signal } = context
  const [{ accounts }, account, persons] = await Promise.all([
    resolveAccounts(context, settings, { complete: true, signal }),
    brevo.account.get({ lane: 'interactive', signal }),
    mirroredPersons(store, connection),
  ])
  const { catalogue } = accounts
  const reading = { pipedrive, catalogue, signal }
  const organizations = (ids: readonly number[]) => readSomeOrganizations(reading, ids)
  const mirrored = await recordsOfMirror(store, connection, catalogue, organizations)
  const records =
    mirrored.clusters.length > 0
      ? mirrored
      : await recordsOfPage(await readSomePersons(reading), organizations)
  return { accounts, brevoCompany: account.companyName ?? null, persons, records }
}

/** What was seen, where it says all that these settings ask; else a look of their own. */
export async function seenFor(context: DraftContext, seen: SeenAccounts | undefined): Promise<SeenAccounts> {
  const isEnough = seen && (seen.accounts.users.length > 0 || !needsOwners(context.settings))
  return isEnough ? seen : seeAccounts(context)
}

export async function surveyAccounts(context: DraftContext, seen?: SeenAccounts): Promise<AccountSurvey> {
  const { accounts, brevoCompany, persons, records } = await seenFor(context, seen)
  const { account, catalogue } = accounts
  const fields = surveyFields(catalogue, context.settings, records)
  const pipelines = catalogue.pipelines.map(({ id, name }) => ({
    id,
    name,
    stages: inStageOrder(catalogue.stages.filter((stage) => stage.pipelineId === id)).map((stage) => ({
      id: stage.id,
      name: stage.name,
    })),
  }))
  const attributes = [...accounts.attributes.values()].map(({ name, type, writable, labels }) => ({
    name,
    type,
    writable,
    labels,
  }))
  const lists = [...accounts.lists].map(([id, name]) => ({ id, name }))
  return {
    pipedrive: {
      company: account.companyName,
      currency: catalogue.defaultCurrency,
      persons,
      fields,
      pipelines,
    },
    brevo: { company: brevoCompany, attributes, lists },
    suggestion: suggestSettings({ fields, pipelines, attributes, lists, phones: phonesOf(records) }),
  }
}
