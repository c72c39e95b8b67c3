/**
 * The mapping of organizations against Brevo's company attributes. They are asked for once a day, or when the mapping
 * no longer fits what is known of them: these requests are rationed by the hour too.
 */
import { TajoError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json.ts'
import { readCompanyReading, updateCompanyReading } from '../../store/index.ts'
import { createCompanyAttribute } from '../destination/index.ts'
import { readCompanyAttributes } from '../feedback/index.ts'
import { type Catalogue, type CompanyAttribute, companyIdentityLabel } from '../model/index.ts'
import { type CompanyPlanResult, type CompanySettings, resolveCompanyPlan } from '../projection/index.ts'
import type { CompanyContext } from './company-step.ts'

const knownForMs = 24 * 3_600_000

export type CompanyPreparation = CompanyPlanResult & {
  /** Brevo's hour is used up and the attributes are not known: companies wait until then. */
  readonly waitUntil: Date | null
}

export type PrepareOptions = {
  /** Makes what Brevo lacks. False only names it: then there is no plan while something is missing. */
  readonly create: boolean
  /** Asks Brevo whatever is known (`tajo check`). Default false. */
  readonly fresh?: boolean
}

/** Throws what concerns the whole account, and Brevo's refusals to make an attribute. */
export async function prepareCompanies(
  context: CompanyContext,
  settings: CompanySettings,
  catalogue: Catalogue,
  { create, fresh = false }: PrepareOptions,
): Promise<CompanyPreparation> {
  const { store, connection, clock } = context
  const { attributes, attributes_at } = await readCompanyReading(store.db, connection)
  const known = attributes === null ? null : fromStored(attributes)
  const age = clock.now().getTime() - (attributes_at?.getTime() ?? 0)
  if (known !== null && age < knownForMs && !fresh) {
    const result = resolveCompanyPlan(settings, catalogue, known)
    if (result.plan !== null) return { ...result, waitUntil: null }
  }
  try {
    return { ...(await prepareAnew(context, settings, catalogue, create)), waitUntil: null }
  } catch (error) {
    if (!(error instanceof TajoError) || error.code !== 'brevo_limited') throw error
    const result = known && resolveCompanyPlan(settings, catalogue, known)
    if (result?.plan) return { ...result, waitUntil: null }
    return { plan: null, faults: [], missing: [], waitUntil: error.notBefore ?? clock.now() }
  }
}

async function prepareAnew(
  context: CompanyContext,
  settings: CompanySettings,
  catalogue: Catalogue,
  create: boolean,
): Promise<CompanyPlanResult> {
  const { store, connection, brevo, clock, signal } = context
  const first = await readAndKeep(context)
  const result = resolveCompanyPlan(settings, catalogue, first)
  if (result.missing.length === 0 || result.faults.length > 0 || !create) return result
  for (const attribute of result.missing) await createCompanyAttribute(brevo, attribute, signal)
  const isNew = result.missing.some(({ label }) => label === companyIdentityLabel)
  // No company can carry an id under an attribute that was not there a moment ago.
  if (isNew) await updateCompanyReading(store.db, connection, { adopted_at: clock.now() })
  const again = resolveCompanyPlan(settings, catalogue, await readAndKeep(context))
  if (again.missing.length === 0) return again
  throw new TajoError({
    code: 'brevo_answer_invalid',
    disposition: 'retry',
    message: `Brevo does not list the company attributes that it has just made (${again.missing.map(({ label }) => label).join(', ')}); they are looked for again later.`,
  })
}

async function readAndKeep({ store, connection, brevo, clock, signal }: CompanyContext) {
  const attributes = await readCompanyAttributes(brevo, signal)
  await updateCompanyReading(store.db, connection, {
    attributes: { list: attributes } as unknown as JsonObject,
    attributes_at: clock.now(),
  })
  return attributes
}

function fromStored(stored: JsonObject): readonly CompanyAttribute[] {
  return (stored as unknown as { list: readonly CompanyAttribute[] }).list
}
