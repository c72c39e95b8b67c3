/**
 * What an agent is offered, each an operation of the wire: what only looks is always there, what does something only where
 * somebody has allowed it. Deleting people, changing access and merging are never among them.
 */
import { z } from 'zod'
import { type Operation, type OperationName, operations } from '../wire/index.ts'

export type Tool = {
  /** As the agent calls it. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly operation: OperationName
  readonly input: z.ZodObject
  /** Said whatever the agent says. */
  readonly fixed?: Readonly<Record<string, unknown>>
  readonly writes: boolean
}

type Offer = Partial<Omit<Tool, 'operation' | 'name'>> & {
  readonly name: string
  readonly description: string
}

const LOOKS: Readonly<Record<string, Offer>> = {
  'status.read': {
    name: 'tajo_status',
    description:
      'Whether Pipedrive and Brevo are in step: backlog, budgets left, failures, the last runs. Begin here when something seems wrong.',
  },
  'contacts.explain': {
    name: 'tajo_explain',
    description:
      'Everything known about one person: the record in Pipedrive, the contact in Brevo, each attribute as wanted and as it is, lists and why, consent, what waits, what failed and the remedy.',
  },
  'search.run': {
    name: 'tajo_search',
    description:
      'Finds persons, deals, organizations and leads in Pipedrive by a word. Costs 20 of the API tokens that the company has a day.',
  },
  'failures.list': {
    name: 'tajo_failures',
    description: 'Records that could not be synced, with the words of the service, the cause and the remedy.',
  },
  'dedupe.list': {
    name: 'tajo_duplicates',
    description: 'Persons that share an address, who would survive a merge, and what would be lost.',
  },
  'webhooks.list': {
    name: 'tajo_webhooks',
    description: 'Which webhooks are registered at both services, and what is wrong with them.',
  },
  'connectors.list': {
    name: 'tajo_connectors',
    description: 'Where the credentials of both accounts come from. Shows no credential.',
  },
  'skills.list': {
    name: 'tajo_skills',
    description: 'The skills that react to changes, and whether each is on.',
  },
  'reports.pipeline': {
    name: 'tajo_report_pipeline',
    description:
      'Funnel with conversion, time in stage, velocity, win rate, value by stage, forecast, and won revenue over time.',
  },
  'reports.attribution': {
    name: 'tajo_report_attribution',
    description: 'Which campaigns won which deals, by the model that is asked for.',
  },
}

const WRITES: Readonly<Record<string, Offer>> = {
  'sync.run': {
    name: 'tajo_sync',
    title: 'Sync now',
    description:
      'One pass from Pipedrive to Brevo. Writes only what differs, and says what it did with every record.',
    input: z.strictObject({ full: z.boolean().exactOptional().describe('List everything again') }),
    fixed: { dryRun: false },
  },
  'failures.retry': {
    name: 'tajo_retry_failures',
    description:
      'Opens failures again, by their ids, by code, or all, and makes a pass. Discarded ones only by their ids, or `withDiscarded`.',
  },
  'skills.run': {
    name: 'tajo_run_skill',
    description: 'Runs one skill for a record. With `dryRun`, says what it would do.',
  },
}

/** A dry run of a sync; named apart since it only looks. */
const PREVIEW: Tool = {
  name: 'tajo_preview',
  title: 'Preview a sync',
  description: 'What a sync would create, change and leave, without writing anything to either service.',
  operation: 'sync.run',
  input: z.strictObject({}),
  fixed: { dryRun: true },
  writes: false,
}

export function listTools({ allowWrite }: { allowWrite: boolean }): readonly Tool[] {
  const looks = [...toTools(LOOKS, false), PREVIEW]
  return allowWrite ? [...looks, ...toTools(WRITES, true)] : looks
}

function toTools(offers: Readonly<Record<string, Offer>>, writes: boolean): Tool[] {
  const table: Readonly<Record<string, Operation>> = operations
  return Object.entries(offers).flatMap(([name, offer]) => {
    const operation = table[name]
    if (operation === undefined) return []
    const { input = operation.params, title = operation.summary } = offer
    return [{ ...offer, title, input, operation: name as OperationName, writes }]
  })
}
