/** A draft of settings against both accounts: what does not fit, and how real values would arrive. It writes nothing anywhere. */
import { type DraftPreview, previewRows } from './draft/index.ts'
import type { SyncSettings } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import { type Accounts, resolveSeen } from './resolve.ts'
import { type DraftContext, type SeenAccounts, seenFor } from './survey-accounts.ts'

export async function previewDraft(context: DraftContext, seen?: SeenAccounts): Promise<DraftPreview> {
  const { settings } = context
  const { accounts, records } = await seenFor(context, seen)
  const { faults, missingAttributes } = resolveSeen(settings, accounts)
  const errors = faults.filter(({ severity }) => severity === 'error').map(({ path }) => path)
  const plan = planOfSound(settings, accounts, new Set(errors))
  const { catalogue, attributes } = accounts
  return {
    faults,
    missingAttributes: missingAttributes.map(({ name, type }) => ({ name, type })),
    rows: previewRows({ settings, faults, plan, catalogue, attributes, records }),
  }
}

/** Of the mapping alone, and of its rows without a fault: what is wrong elsewhere must not hide how they arrive. */
function planOfSound(settings: SyncSettings, accounts: Accounts, faulty: ReadonlySet<string>): Plan | null {
  const none = { allContacts: null, qualifiedLeads: null, customers: null, churned: null }
  const sound: SyncSettings = {
    ...settings,
    personMapping: settings.personMapping.filter(({ path }) => !faulty.has(path)),
    lists: none,
    stageLists: [],
    dealFields: [],
    reverse: null,
  }
  return resolveSeen(sound, accounts).plan
}
