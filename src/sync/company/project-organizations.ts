/** Organizations that are out of date become wanted companies. Asks no service. */
import { fingerprint } from '../../base/fingerprint.ts'
import type { JsonObject } from '../../base/json.ts'
import {
  clearDirtyOrganizations,
  type OrganizationFacts,
  type ProjectedCompany,
  readOrganizationFacts,
  readRecords,
  replaceProjected,
  takeDirtyOrganizations,
} from '../../store/index.ts'
import type { Organization, Person } from '../model/index.ts'
import { type CompanyPlan, projectCompany, type References } from '../projection/index.ts'
import type { CompanyContext } from './company-step.ts'

const organizationsAtATime = 500

/** Returns how many organizations were looked at. */
export async function projectOrganizations(context: CompanyContext, plan: CompanyPlan): Promise<number> {
  const { store, connection, signal } = context
  let projected = 0
  for (;;) {
    signal?.throwIfAborted()
    const marks = await takeDirtyOrganizations(store.db, connection, organizationsAtATime)
    if (marks.length === 0) return projected
    const facts = await readOrganizationFacts(
      store.db,
      connection,
      marks.map((mark) => mark.org_id),
    )
    const references = await loadReferences(context, plan, facts)
    const rows = facts.map((organization) => toRow(organization, plan, references))
    await store.transaction(async (trx) => {
      for (let start = 0; start < rows.length; start += store.batchSize)
        await replaceProjected(trx, connection, rows.slice(start, start + store.batchSize))
      await clearDirtyOrganizations(trx, connection, marks)
    })
    projected += marks.length
  }
}

function toRow(facts: OrganizationFacts, plan: CompanyPlan, references: References): ProjectedCompany {
  const none = { name: null, attributes: null, keep: [], fingerprint: null, problem: null, warnings: [] }
  const base = { org_id: facts.org_id, source: facts.source, plan: plan.fingerprint }
  // Without a contact there is no company, and without a record nothing is known of it.
  if (facts.doc === null || facts.contacts.length === 0)
    return { ...base, ...none, source: null, contacts: [] }
  const { contacts } = facts
  const projection = projectCompany(facts.doc as unknown as Organization, plan, references)
  if (projection.company === null) return { ...base, ...none, contacts, problem: projection.problem }
  const { name, attributes } = projection.company
  return {
    ...base,
    name,
    attributes: attributes as unknown as JsonObject,
    keep: projection.keep,
    fingerprint: fingerprint({ identity: plan.identity.name, ...projection.company, keep: projection.keep }),
    contacts,
    problem: null,
    warnings: projection.warnings,
  }
}

/** Names of the organizations and persons that mapped fields point to. */
async function loadReferences(
  { store, connection }: CompanyContext,
  plan: CompanyPlan,
  facts: readonly OrganizationFacts[],
): Promise<References> {
  const wanted = { organization: new Set<number>(), person: new Set<number>() }
  for (const { source } of plan.attributes) {
    if (source.kind !== 'field') continue
    for (const { doc } of facts) {
      const value = (doc as unknown as Organization | null)?.fields[source.field.key]
      if (value?.kind === 'reference' && value.entity !== 'user') wanted[value.entity].add(value.id)
    }
  }
  const [organizations, persons] = await Promise.all([
    readRecords(store.db, connection, 'organization', [...wanted.organization]),
    readRecords(store.db, connection, 'person', [...wanted.person]),
  ])
  const organizationNames = new Map(organizations.map((row) => [Number(row.id), String(row.doc.name ?? '')]))
  const personNames = new Map(
    persons.map((row) => {
      const { name } = (row.doc as unknown as Person).fields
      return [Number(row.id), name?.kind === 'text' ? name.text : '']
    }),
  )
  return {
    organizationName: (id) => organizationNames.get(id),
    personName: (id) => personNames.get(id),
  }
}
