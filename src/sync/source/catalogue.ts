/** Reads what a Pipedrive account defines: fields, pipelines, stages, users, currency. */
import type { PipedriveClient, PipedriveField } from '../../pipedrive/index.ts'
import type { Catalogue, FieldDefinition, FieldType } from '../model/index.ts'

export type AccountIdentity = {
  readonly userId: number
  readonly userName: string
  readonly companyId: number | null
  readonly companyName: string | null
  readonly companyDomain: string | null
  readonly isAdmin: boolean | null
  readonly defaultCurrency: string | null
}

/** Whose token this is (2 tokens of the daily budget). */
export async function readAccount(
  pipedrive: PipedriveClient,
  signal?: AbortSignal,
): Promise<AccountIdentity> {
  const me = await pipedrive.users.me({ lane: 'interactive', signal })
  return {
    userId: me.id,
    userName: me.name ?? `user ${me.id}`,
    companyId: me.company_id ?? null,
    companyName: me.company_name ?? null,
    companyDomain: me.company_domain ?? null,
    isAdmin: me.is_admin == null ? null : Boolean(me.is_admin),
    defaultCurrency: me.default_currency ?? null,
  }
}

/** 10 tokens. */
export async function readPersonFields(
  pipedrive: PipedriveClient,
  signal?: AbortSignal,
): Promise<readonly FieldDefinition[]> {
  return (await pipedrive.personFields.list({ lane: 'interactive', signal })).map(fromPipedriveField)
}

/** The parts that cost extra are read only when they are needed. */
export async function readCatalogue(
  pipedrive: PipedriveClient,
  account: AccountIdentity,
  needs: { organizations: boolean; users: boolean; stages: boolean; dealFields: boolean },
  signal?: AbortSignal,
): Promise<Catalogue> {
  const call = { lane: 'interactive', signal } as const
  const [personFields, organizationFields, dealFields, stages, users] = await Promise.all([
    pipedrive.personFields.list(call),
    needs.organizations ? pipedrive.organizationFields.list(call) : [],
    needs.dealFields ? pipedrive.dealFields.list(call) : [],
    needs.stages ? readStages(pipedrive, signal) : { pipelines: [], stages: [] },
    needs.users ? readUserNames(pipedrive, signal) : {},
  ])
  return {
    personFields: personFields.map(fromPipedriveField),
    organizationFields: organizationFields.map(fromPipedriveField),
    dealFields: dealFields.map(fromPipedriveField),
    ...stages,
    users,
    defaultCurrency: account.defaultCurrency ?? 'USD',
  }
}

/** 10 tokens. */
export async function readStages(
  pipedrive: PipedriveClient,
  signal?: AbortSignal,
): Promise<Pick<Catalogue, 'pipelines' | 'stages'>> {
  const call = { lane: 'interactive', signal } as const
  const [pipelines, stages] = await Promise.all([pipedrive.pipelines.list(call), pipedrive.stages.list(call)])
  return {
    pipelines: pipelines
      .filter((pipeline) => pipeline.is_deleted !== true)
      .map((pipeline) => ({ id: pipeline.id, name: pipeline.name ?? `Pipeline ${pipeline.id}` })),
    stages: stages
      .filter((stage) => stage.is_deleted !== true)
      .map((stage) => ({
        id: stage.id,
        name: stage.name ?? `Stage ${stage.id}`,
        pipelineId: stage.pipeline_id ?? 0,
        order: stage.order_nr ?? 0,
        ...(stage.deal_probability == null ? {} : { probability: stage.deal_probability }),
      })),
  }
}

/** User id to name; 20 tokens. */
export async function readUserNames(
  pipedrive: PipedriveClient,
  signal?: AbortSignal,
): Promise<Catalogue['users']> {
  const users = await pipedrive.users.list({ lane: 'interactive', signal })
  return Object.fromEntries(users.map((user) => [String(user.id), user.name ?? `user ${user.id}`]))
}

const fieldTypes: Readonly<Record<string, FieldType>> = {
  double: 'number',
  int: 'number',
  monetary: 'money',
  enum: 'option',
  set: 'options',
  user: 'user',
  org: 'organization',
  people: 'person',
  phone: 'phone',
  date: 'date',
  daterange: 'date-range',
  time: 'time',
  timerange: 'time-range',
  address: 'address',
  boolean: 'flag',
}

export function fromPipedriveField(field: PipedriveField): FieldDefinition {
  const custom = field.is_custom_field ?? /^[0-9a-f]{40}$/.test(field.field_code)
  const declared = fieldTypes[field.field_type ?? ''] ?? 'text'
  // Built-in times are declared as dates and answered as timestamps.
  const type = !custom && declared === 'date' && field.field_code.endsWith('_time') ? 'timestamp' : declared
  return {
    key: field.field_code,
    name: field.field_name ?? field.field_code,
    type,
    custom,
    options: Object.fromEntries(
      (field.options ?? []).map((option) => [String(option.id), option.label ?? String(option.id)]),
    ),
  }
}
