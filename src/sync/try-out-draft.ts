/** What a draft of settings would change in Brevo, compared with what is known to be there. It writes nothing anywhere. */
import { type DraftTrial, tryOut } from './draft/index.ts'
import { SettingsUnfit } from './engine.ts'
import { resolveAccounts, resolveSeen } from './resolve.ts'
import { type DraftContext, type SeenAccounts, seenFor } from './survey-accounts.ts'

/**
 * As far as the mirror and what is known of Brevo reach: what neither has read yet counts as not there. An attribute that was
 * not mapped so far is not known of any contact, and counts as a change. Throws `SettingsUnfit`.
 */
export async function tryOutDraft(context: DraftContext, seen?: SeenAccounts): Promise<DraftTrial> {
  const { store, connection, settings, clock, signal, onProgress } = context
  const { plan, faults } = seen
    ? resolveSeen(settings, (await seenFor(context, seen)).accounts)
    : await resolveAccounts(context, settings, { complete: false, signal })
  if (plan === null) throw new SettingsUnfit(faults.filter(({ severity }) => severity === 'error'))
  return tryOut(store, connection, {
    plan,
    now: () => clock.now(),
    signal,
    onProgress: (progress) => onProgress?.({ stage: 'project', ...progress }),
  })
}
