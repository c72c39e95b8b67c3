/** What describes an account: users, pipelines, stages, field definitions, webhooks, lookup lists, notes. */
import type { z } from 'zod'
import type { CallOptions } from '../../transport/index.ts'
import type { PipedriveCalls } from '../calls.ts'
import type { PipedriveClient } from '../client-face.ts'
import { ENDPOINTS, type Endpoint } from '../endpoints.ts'
import { walkPages } from '../paging.ts'
import { createRowReader, readAll, readOne } from '../read-records.ts'
import {
  activityTypeSchema,
  currencySchema,
  fieldSchema,
  pipelineSchema,
  stageSchema,
  userSchema,
  webhookSchema,
} from '../record/account.ts'
import { fromV1, type NormalisedKind } from '../v1/normalise.ts'
import { collect, deleteOnce } from './entity.ts'
import { createNotes } from './notes.ts'
import { createPersonFieldWrites } from './person-field-writes.ts'

type AccountResources = Pick<
  PipedriveClient,
  | 'users'
  | 'pipelines'
  | 'stages'
  | 'personFields'
  | 'organizationFields'
  | 'dealFields'
  | 'activityFields'
  | 'webhooks'
  | 'activityTypes'
  | 'currencies'
  | 'notes'
>

export function createAccountResources(calls: PipedriveCalls): AccountResources {
  const whole = <S extends z.ZodType>(endpoint: Endpoint, schema: S, what: string) => ({
    list: async (options?: CallOptions) =>
      readAll((await calls.request(endpoint, { options })).data, createRowReader(schema), what),
  })
  const paged = <S extends z.ZodType>(endpoint: Endpoint, schema: S, kind: NormalisedKind) => ({
    list: (options?: CallOptions) => listPaged(calls, endpoint, schema, kind, options),
  })
  const webhook = createRowReader(webhookSchema)
  return {
    users: {
      ...whole(ENDPOINTS.users.list, userSchema, 'user'),
      me: async (options) =>
        readOne(
          (await calls.request(ENDPOINTS.users.me, { options })).data,
          createRowReader(userSchema),
          'user',
        ),
    },
    pipelines: paged(ENDPOINTS.pipelines.list, pipelineSchema, 'pipeline'),
    stages: paged(ENDPOINTS.stages.list, stageSchema, 'stage'),
    personFields: {
      ...paged(ENDPOINTS.fields.person, fieldSchema, 'field'),
      ...createPersonFieldWrites(calls),
    },
    organizationFields: paged(ENDPOINTS.fields.organization, fieldSchema, 'field'),
    dealFields: paged(ENDPOINTS.fields.deal, fieldSchema, 'field'),
    activityFields: paged(ENDPOINTS.fields.activity, fieldSchema, 'field'),
    webhooks: {
      ...whole(ENDPOINTS.webhooks.list, webhookSchema, 'webhook'),
      // Without a version, what comes depends on when the account was made.
      create: async (request, options) =>
        readOne(
          (await calls.request(ENDPOINTS.webhooks.create, { body: { ...request, version: '2.0' }, options }))
            .data,
          webhook,
          'webhook',
        ),
      delete: (id, options) => deleteOnce(calls, ENDPOINTS.webhooks.delete, id, options),
    },
    activityTypes: whole(ENDPOINTS.activityTypes.list, activityTypeSchema, 'activity type'),
    currencies: whole(ENDPOINTS.currencies.list, currencySchema, 'currency'),
    notes: createNotes(calls),
  }
}

function listPaged<S extends z.ZodType>(
  calls: PipedriveCalls,
  endpoint: Endpoint,
  schema: S,
  kind: NormalisedKind,
  options: CallOptions | undefined,
): Promise<readonly z.output<S>[]> {
  const old = calls.apiVersion === 'v1'
  const read = createRowReader(schema, old ? (row) => fromV1(kind, row, new Map()) : undefined)
  const paging = old ? 'start' : 'cursor'
  return collect(walkPages({ calls, endpoint, query: {}, paging, limit: 500, options, read }), `${kind}s`)
}
