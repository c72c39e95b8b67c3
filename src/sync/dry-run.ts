/** What a sync would do, without doing it: nothing is sent to either service. */
import type { Settled } from '../store/index.ts'
import type { ContactCommand } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import { planFirst, planWrites } from './reconcile/index.ts'
import type { SyncPreview } from './report.ts'
import type { Resolution } from './resolve.ts'
import type { RunContext } from './run-context.ts'

export type DryRun = {
  readonly planned: { readonly created: number; readonly updated: number; readonly equal: number }
  readonly lists: { readonly added: number; readonly removed: number }
  readonly preview: SyncPreview
}

/** So many changes are shown in full; all are counted. */
const shownAtMost = 100

export async function dryRun(
  context: RunContext,
  run: string,
  resolution: Resolution,
  plan: Plan,
): Promise<DryRun> {
  const { store, connection } = context
  const created = new Set<number>()
  const updated = new Set<number>()
  let equal = 0
  const lists = { added: 0, removed: 0 }
  const changes: SyncPreview['changes'][number][] = []
  const take = async (rows: readonly { command: unknown }[], settled: readonly Settled[]): Promise<void> => {
    equal += settled.length
    for (const row of rows) {
      const command = row.command as ContactCommand
      lists.removed += command.removeLists.length
      if (command.kind !== 'write') continue
      lists.added += command.addLists.length
      const known = created.has(command.personId) || updated.has(command.personId)
      if (command.action === 'create') created.add(command.personId)
      else updated.add(command.personId)
      if (!known && changes.length < shownAtMost) changes.push(shown(command))
    }
  }
  await take(await planFirst(store, connection, { run, now: null, scope: null }), [])
  await planWrites(
    store,
    connection,
    {
      run,
      hardDelete: plan.settings.deleteBehavior === 'hard',
      now: null,
      scope: null,
      signal: context.signal,
    },
    { take },
  )
  return {
    planned: { created: created.size, updated: updated.size, equal },
    lists,
    preview: {
      attributes: resolution.missingAttributes.map(({ name, type }) => ({ name, type })),
      lists: resolution.missingTechnicalList ? ['Tajo'] : [],
      changes,
    },
  }
}

function shown(command: Extract<ContactCommand, { kind: 'write' }>): SyncPreview['changes'][number] {
  return {
    action: command.action,
    personId: command.personId,
    email: command.email,
    attributes: [
      ...Object.keys(command.attributes),
      ...command.clear,
      ...(command.sms === null ? [] : ['SMS']),
    ].sort(),
    addLists: command.addLists,
    removeLists: command.removeLists,
  }
}
