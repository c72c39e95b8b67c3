/** The lists of the configuration against both accounts: every id and every stage has to be there (rule R3.4). Pure. */
import type { Catalogue, SettingFault, StageSetting, SyncSettings } from '../model/index.ts'
import { type ListPlan, listsWithTwoMeanings } from './lists.ts'
import type { BrevoAccount } from './plan.ts'

export function resolveLists(
  settings: SyncSettings,
  catalogue: Catalogue,
  brevo: BrevoAccount,
  faults: SettingFault[],
): ListPlan {
  const error = (path: string, message: string): void =>
    void faults.push({ path, message, severity: 'error' })
  const known = [...brevo.lists]
    // A list that is still to be made has no id yet.
    .filter(([id]) => id > 0)
    .map(([id, name]) => `${id} ${name}`)
    .slice(0, 12)
    .join(', ')
  const check = (listId: number | null, path: string): void => {
    if (listId !== null && !brevo.lists.has(listId))
      error(path, `Brevo has no list ${listId} (there are: ${known || 'none'})`)
  }
  const { allContacts, qualifiedLeads, customers, churned } = settings.lists
  check(allContacts, 'lists.all_contacts')
  check(qualifiedLeads, 'lists.qualified_leads')
  check(customers, 'lists.customers')
  check(churned, 'lists.churned')
  const { deals, leads } = settings.entities
  if (customers !== null && !deals) error('lists.customers', 'this list needs sync.deals')
  if (churned !== null && !deals) error('lists.churned', 'this list needs sync.deals')
  if (qualifiedLeads !== null && !deals && !leads) {
    error('lists.qualified_leads', 'this list needs sync.deals or sync.leads')
  }
  const stages = new Map<number, number>()
  let won: number | null = null
  let lost: number | null = null
  for (const { stage, listId, path } of settings.stageLists) {
    check(listId, path)
    if (!settings.entities.deals) error(path, 'a list for a stage needs sync.deals')
    if (stage.kind === 'won') won = listId
    else if (stage.kind === 'lost') lost = listId
    else {
      const found = findStage(stage, catalogue)
      if (typeof found === 'string') error(path, found)
      else if (stages.has(found)) error(path, `stage ${found} has a list already`)
      else stages.set(found, listId)
    }
  }
  const plan = { allContacts, qualifiedLeads, customers, churned, stages, won, lost }
  faults.push(...listsWithTwoMeanings(plan))
  return plan
}

function findStage(
  stage: Extract<StageSetting, { kind: 'id' | 'name' }>,
  catalogue: Catalogue,
): number | string {
  const pipelineName = (id: number): string =>
    catalogue.pipelines.find((pipeline) => pipeline.id === id)?.name ?? `pipeline ${id}`
  const all = catalogue.stages
    .map((item) => `${item.id} "${pipelineName(item.pipelineId)}/${item.name}"`)
    .join(', ')
  if (stage.kind === 'id') {
    return catalogue.stages.some((item) => item.id === stage.id)
      ? stage.id
      : `Pipedrive has no stage ${stage.id} (there are: ${all})`
  }
  const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()
  const matches = catalogue.stages.filter(
    (item) => same(item.name, stage.stage) && same(pipelineName(item.pipelineId), stage.pipeline),
  )
  if (matches.length === 1 && matches[0]) return matches[0].id
  return matches.length > 1
    ? `"${stage.pipeline}/${stage.stage}" is the name of ${matches.length} stages: use the stage id (${all})`
    : `Pipedrive has no stage "${stage.pipeline}/${stage.stage}" (there are: ${all})`
}
