/**
 * Keeps what the account calls things, so that reports ask nobody. Names of stages, pipelines and users that only reports
 * have a use for are read with complete listings, at most once a day (30 tokens); between them the former ones stay.
 */
import { TajoError } from '../base/error.ts'
import { type KeptCatalogue, keepCatalogue, readKeptCatalogue } from '../store/index.ts'
import type { Plan } from './projection/index.ts'
import type { Accounts } from './resolve.ts'
import type { RunContext } from './run-context.ts'
import { readStages, readUserNames } from './source/index.ts'

type Names = Pick<KeptCatalogue, 'pipelines' | 'stages' | 'users'>

/** `full`: with a complete listing. */
export async function keepNames(
  context: RunContext,
  { accounts, plan }: { readonly accounts: Accounts; readonly plan: Plan },
  full: boolean,
): Promise<void> {
  const { store, connection, clock } = context
  const { catalogue } = accounts
  const names = plan.needs.deals ? await lackingNames(context, catalogue, full) : {}
  // Of these a deal keeps its value: reports can tell them from fields without values.
  const keptDealFields = plan.catalogue.dealFields.map(({ key }) => key)
  await keepCatalogue(store.db, connection, { ...catalogue, ...names, keptDealFields }, clock.now())
}

async function lackingNames(
  { store, connection, pipedrive, signal, onNews }: RunContext,
  { stages, users }: Names,
  full: boolean,
): Promise<Partial<Names>> {
  const lacks = { stages: stages.length === 0, users: Object.keys(users).length === 0 }
  if (!lacks.stages && !lacks.users) return {}
  const former = await readKeptCatalogue(store.db, connection)
  const kept = {
    ...(former && lacks.stages ? { pipelines: former.pipelines, stages: former.stages } : {}),
    ...(former && lacks.users ? { users: former.users } : {}),
  }
  if (!full) return kept
  try {
    return {
      ...(lacks.stages ? await readStages(pipedrive, signal) : {}),
      ...(lacks.users ? { users: await readUserNames(pipedrive, signal) } : {}),
    }
  } catch (error) {
    // Deals without a name in a report are no reason to leave the contacts.
    if (!(error instanceof TajoError) || !mayGoOn.includes(error.code)) throw error
    onNews?.({
      level: 'warn',
      event: 'names.unread',
      message: `Reports go without names of stages or users that Pipedrive does not give. ${error.message}`,
      details: { connection, code: error.code },
    })
    return kept
  }
}

const mayGoOn = ['pipedrive_scope_missing', 'pipedrive_forbidden']
