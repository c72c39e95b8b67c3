/** Everything about a Brevo account that is not a contact: attributes, folders, lists, processes, webhooks. */
import { z } from 'zod'

export const accountSchema = z.looseObject({
  email: z.string().nullish(),
  companyName: z.string().nullish(),
  organization_id: z.union([z.string(), z.number()]).nullish(),
  plan: z.array(z.looseObject({ type: z.string().nullish(), credits: z.number().nullish() })).nullish(),
  marketingAutomation: z.looseObject({ enabled: z.boolean().nullish() }).nullish(),
})
/** {@link https://developers.brevo.com/reference/getaccount} */
export type BrevoAccount = z.infer<typeof accountSchema>

export const attributeSchema = z.looseObject({
  name: z.string().min(1),
  category: z.string().nullish(),
  /** Absent for calculated and some category attributes. */
  type: z.string().nullish(),
  calculatedValue: z.string().nullish(),
  enumeration: z
    .array(
      z.looseObject({
        /** 0 when the option's id is no number: prefer `valueStr`. */
        value: z.union([z.number(), z.string()]).nullish(),
        valueStr: z.string().nullish(),
        label: z.string().nullish(),
      }),
    )
    .nullish(),
  multiCategoryOptions: z.array(z.string()).nullish(),
})
/** {@link https://developers.brevo.com/reference/getattributes-1} */
export type BrevoAttribute = z.infer<typeof attributeSchema>

/** {@link https://developers.brevo.com/reference/createattribute} */
export type BrevoAttributeRequest = {
  category: 'normal' | 'transactional' | 'category' | 'calculated' | 'global'
  body: {
    type?: 'text' | 'date' | 'float' | 'boolean' | 'id' | 'category' | 'multiple-choice' | 'user'
    /** Only for category `category`. */
    enumeration?: readonly { value: number; label: string }[]
    /** Only for type `multiple-choice`; at most 200 characters each. */
    multiCategoryOptions?: readonly string[]
    /** A formula; only for `calculated` and `global`. */
    value?: string
    isRecurring?: boolean
  }
}

export const folderSchema = z.looseObject({ id: z.number().int(), name: z.string().nullish() })
export type BrevoFolder = z.infer<typeof folderSchema>

export const listSchema = z.looseObject({
  id: z.number().int(),
  name: z.string().nullish(),
  folderId: z.number().int().nullish(),
})
export type BrevoList = z.infer<typeof listSchema>

/** Emails or ids, as they were sent. */
export type BrevoListChange = {
  readonly success: readonly (string | number)[]
  readonly failure: readonly (string | number)[]
  /** Set when Brevo finishes the change later. */
  readonly processId: number | null
}

export const processSchema = z.looseObject({
  id: z.number().int(),
  name: z.string().nullish(),
  /** `queued`, `in_process`, `processing`, `completed`, `failed`, `cancelled`. */
  status: z.string(),
  info: z
    .looseObject({
      /** Addresses of CSV reports by kind: `invalid_emails`, `duplicate_email_id`, ... */
      import: z.record(z.string(), z.string().nullish()).nullish(),
    })
    .nullish(),
  /** May be an HTML link around the address. */
  export_url: z.string().nullish(),
})
/** {@link https://developers.brevo.com/reference/getprocess} */
export type BrevoProcess = z.infer<typeof processSchema>

export const webhookSchema = z.looseObject({
  id: z.number().int(),
  url: z.string().nullish(),
  description: z.string().nullish(),
  type: z.string().nullish(),
  events: z.array(z.string()).nullish(),
  batched: z.boolean().nullish(),
})
export type BrevoWebhook = z.infer<typeof webhookSchema>

/** {@link https://developers.brevo.com/reference/createwebhook} */
export type BrevoWebhookRequest = {
  url: string
  type: 'marketing' | 'transactional'
  events: readonly string[]
  description?: string
  batched?: boolean
  /** Comes back with every delivery as `Authorization: Bearer`. */
  auth?: { type: 'bearer'; token: string }
  headers?: readonly { key: string; value: string }[]
}

/** The type of a webhook is fixed. {@link https://developers.brevo.com/reference/updatewebhook} */
export type BrevoWebhookChange = Partial<Omit<BrevoWebhookRequest, 'type'>>
