/** Shapes of what may be changed of a connection's settings, and of what both accounts offer for it. No credential is ever in them. */
import { z } from 'zod'

const count = z.int()
const listId = z.int().min(1)
const attributeType = z.enum([
  'text',
  'date',
  'float',
  'boolean',
  'category',
  'multiple-choice',
  'id',
  'user',
])

/** Tajo's words for the field types of Pipedrive. */
const fieldType = z.enum([
  'text',
  'number',
  'money',
  'option',
  'options',
  'user',
  'organization',
  'person',
  'phone',
  'date',
  'date-range',
  'time',
  'time-range',
  'address',
  'timestamp',
  'flag',
])

export const mappingRow = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe('As in `person_mapping`: `first_name`, `org_id.name`, `custom_fields.<key>`'),
  target: z.string().min(1).describe('A Brevo attribute, or `email`'),
})

const namedLists = z.strictObject({
  allContacts: listId.nullable(),
  qualifiedLeads: listId.nullable(),
  customers: listId.nullable(),
  churned: listId.nullable(),
})

/** What the page edits; everything else of the file stays as it is. */
export const settingsDraft = z.strictObject({
  personMapping: z.array(mappingRow),
  sync: z.strictObject({
    persons: z.boolean(),
    deals: z.boolean(),
    organizations: z.boolean(),
    activities: z.boolean(),
    leads: z.boolean(),
  }),
  lists: namedLists,
  stageLists: z.array(
    z.strictObject({
      stage: z.string().min(1).describe('A stage id, `<pipeline>/<stage>`, `won` or `lost`'),
      listId,
    }),
  ),
  defaultCountry: z.string().nullable().describe('ISO 3166 alpha-2'),
  bothWays: z.boolean().describe('`reverse_sync.enabled`'),
})

export const settingsFault = z.strictObject({
  path: z.string().describe('`person_mapping.industry`'),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  line: count.nullable(),
})

export const settingsView = z.strictObject({
  place: z.enum(['file', 'store']),
  file: z
    .string()
    .nullable()
    .describe('The path of tajo.yaml, there or not yet; null for settings in the store'),
  exists: z.boolean(),
  revision: z.string().describe('Of the text that was read: what is based on an older one is refused'),
  draft: settingsDraft,
  faults: z.array(settingsFault).describe('Of the file as it stands'),
  undo: z
    .strictObject({ savedAt: z.iso.datetime() })
    .nullable()
    .describe('What an undo takes back; null: nothing'),
})

const sample = z.string()

export const sourceField = z.strictObject({
  source: z.string(),
  label: z.string(),
  group: z.enum(['person', 'organization', 'computed']),
  custom: z.boolean(),
  type: fieldType,
  attributeType,
  samples: z.array(sample).describe('Values of real records in words, at most three, each once'),
})

export const targetAttribute = z.strictObject({
  name: z.string(),
  type: attributeType,
  writable: z.boolean(),
  labels: z.array(z.string()).nullable().describe('Of a category or multiple-choice'),
})

export const brevoList = z.strictObject({ id: count, name: z.string() })

export const accountSurvey = z.strictObject({
  pipedrive: z.strictObject({
    company: z.string().nullable(),
    currency: z.string(),
    persons: count.nullable().describe('How many persons the mirror has; null before the first reading'),
    fields: z.array(sourceField),
    pipelines: z.array(
      z.strictObject({
        id: count,
        name: z.string(),
        stages: z.array(z.strictObject({ id: count, name: z.string() })),
      }),
    ),
  }),
  brevo: z.strictObject({
    company: z.string().nullable(),
    attributes: z.array(targetAttribute),
    lists: z.array(brevoList),
  }),
  suggestion: z.strictObject({
    personMapping: z.array(
      mappingRow.extend({
        because: z.enum(['standard', 'same_name', 'new_attribute']),
      }),
    ),
    lists: namedLists,
    stageLists: z.array(z.strictObject({ stage: z.string(), listId })),
    defaultCountry: z.string().nullable(),
  }),
})

export const settingsPreview = z.strictObject({
  changed: z.boolean(),
  diff: z
    .array(
      z.strictObject({
        kind: z.enum(['same', 'added', 'removed']),
        line: count.describe('In the new text; of a removed line, in the old one'),
        text: z.string(),
      }),
    )
    .describe('Changed lines with two lines around them; what could be a credential is masked'),
  faults: z.array(settingsFault),
  missingAttributes: z.array(z.strictObject({ name: z.string(), type: attributeType })),
  rows: z.array(
    mappingRow.extend({
      type: attributeType.nullable().describe('Of the attribute; null where the source is unknown'),
      problem: z.string().nullable(),
      samples: z.array(
        z.strictObject({
          personId: count,
          from: sample,
          to: sample.nullable().describe('What Brevo would get, in words; null: nothing'),
          problem: z.string().nullable(),
          code: z
            .enum(['invalid_phone', 'sms_taken', 'type_mismatch', 'currency_skipped'])
            .nullable()
            .describe('Of the problem'),
        }),
      ),
    }),
  ),
})

export const settingsTrial = z.strictObject({
  contacts: z.strictObject({ created: count, updated: count, unchanged: count }),
  lists: z.strictObject({ added: count, removed: count }),
  warnings: z.record(z.string(), count),
  changes: z
    .array(
      z.strictObject({
        personId: count,
        email: z.string(),
        action: z.enum(['create', 'update']),
        fields: z
          .array(z.strictObject({ attribute: z.string(), from: z.unknown(), to: z.unknown() }))
          .describe('By attribute; `blocklisted`: Brevo sends it no campaign from then on'),
        addLists: z.array(count),
        removeLists: z.array(count),
      }),
    )
    .describe('The first fifty'),
})
