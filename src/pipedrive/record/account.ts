/** The records that describe an account: users, pipelines, stages, field definitions, webhooks, lookup lists. */
import { z } from 'zod'
import {
  flagOrNothing,
  idOrNothing,
  idSchema,
  numberOrNothing,
  textOrNothing,
  timeOrNothing,
} from './field-shapes.ts'

/** {@link https://developers.pipedrive.com/docs/api/v1/Users} */
export const userSchema = z.looseObject({
  id: idSchema,
  name: textOrNothing,
  email: textOrNothing,
  active_flag: flagOrNothing,
  is_admin: z.union([z.number(), z.boolean()]).nullish(),
  default_currency: textOrNothing,
  timezone_name: textOrNothing,
  /** Only from `users.me`. */
  company_id: idOrNothing,
  company_name: textOrNothing,
  company_domain: textOrNothing,
  access: z.array(z.looseObject({ app: textOrNothing, admin: flagOrNothing })).nullish(),
})
export type PipedriveUser = z.infer<typeof userSchema>

/** {@link https://developers.pipedrive.com/docs/api/v1/Pipelines} */
export const pipelineSchema = z.looseObject({
  id: idSchema,
  name: textOrNothing,
  order_nr: numberOrNothing,
  is_deleted: flagOrNothing,
  is_deal_probability_enabled: flagOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
})
export type PipedrivePipeline = z.infer<typeof pipelineSchema>

/** {@link https://developers.pipedrive.com/docs/api/v1/Stages} */
export const stageSchema = z.looseObject({
  id: idSchema,
  name: textOrNothing,
  order_nr: numberOrNothing,
  pipeline_id: idOrNothing,
  is_deleted: flagOrNothing,
  deal_probability: numberOrNothing,
  is_deal_rot_enabled: flagOrNothing,
  days_to_rotten: numberOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
})
export type PipedriveStage = z.infer<typeof stageSchema>

/** One choice of an `enum` or `set` field. */
export const fieldOptionSchema = z.looseObject({
  /** Custom options have numbers; some built-in ones have words. */
  id: z.union([z.number(), z.string(), z.boolean()]),
  label: textOrNothing,
})
export type PipedriveFieldOption = z.infer<typeof fieldOptionSchema>

/** {@link https://developers.pipedrive.com/docs/api/v1/PersonFields} */
export const fieldSchema = z.looseObject({
  /** Built-in name, or the 40-hex key of a custom field. */
  field_code: z.string().min(1),
  field_name: textOrNothing,
  field_type: textOrNothing,
  description: textOrNothing,
  options: z.array(fieldOptionSchema).nullish(),
  subfields: z.array(z.looseObject({ field_code: textOrNothing })).nullish(),
  is_custom_field: flagOrNothing,
  is_optional_response_field: flagOrNothing,
})
export type PipedriveField = z.infer<typeof fieldSchema>

/** What a custom field can hold. {@link https://developers.pipedrive.com/docs/api/v1/PersonFields#addPersonField} */
export type PipedriveFieldType =
  | 'varchar'
  | 'varchar_auto'
  | 'text'
  | 'double'
  | 'monetary'
  | 'enum'
  | 'set'
  | 'user'
  | 'org'
  | 'people'
  | 'phone'
  | 'date'
  | 'daterange'
  | 'time'
  | 'timerange'
  | 'address'

export type PipedriveFieldRequest = {
  /** 1 to 255 characters. Pipedrive does not keep names unique. */
  field_name: string
  field_type: PipedriveFieldType
  /** For `enum` and `set`, and needed there. */
  options?: readonly { label: string }[]
}

/** The password that Pipedrive sends back is dropped at the border. */
export const webhookSchema = z
  .looseObject({
    id: idSchema,
    subscription_url: textOrNothing,
    event_action: textOrNothing,
    event_object: textOrNothing,
    version: textOrNothing,
    name: textOrNothing,
    type: textOrNothing,
    user_id: idOrNothing,
    admin_id: idOrNothing,
    is_active: z.union([z.number(), z.boolean()]).nullish(),
    remove_reason: textOrNothing,
    last_delivery_time: timeOrNothing,
    last_http_status: numberOrNothing,
    http_auth_user: textOrNothing,
    http_auth_password: textOrNothing,
  })
  .transform(({ http_auth_password: _dropped, ...webhook }) => webhook)
/** {@link https://developers.pipedrive.com/docs/api/v1/Webhooks} */
export type PipedriveWebhook = z.infer<typeof webhookSchema>

export type PipedriveWebhookRequest = {
  subscription_url: string
  event_action: 'create' | 'change' | 'delete' | '*'
  event_object:
    | 'activity'
    | 'deal'
    | 'lead'
    | 'note'
    | 'organization'
    | 'person'
    | 'pipeline'
    | 'product'
    | 'stage'
    | 'user'
    | '*'
  name: string
  user_id?: number
  http_auth_user?: string
  http_auth_password?: string
}

export const activityTypeSchema = z.looseObject({
  id: idSchema,
  name: textOrNothing,
  /** What an activity carries in `type`. */
  key_string: textOrNothing,
  active_flag: flagOrNothing,
})
export type PipedriveActivityType = z.infer<typeof activityTypeSchema>

export const currencySchema = z.looseObject({
  id: idSchema,
  code: z.string(),
  name: textOrNothing,
  decimal_points: numberOrNothing,
  active_flag: flagOrNothing,
})
export type PipedriveCurrency = z.infer<typeof currencySchema>
