/** An account in a few words, for the person who connects it. */
import type { BrevoAccount } from '../brevo/index.ts'
import type { BudgetState, PipedriveUser } from '../pipedrive/index.ts'

export function describePipedrive(me: PipedriveUser, { remaining }: BudgetState): string {
  const left = remaining === null ? '' : `, ${remaining.toLocaleString('en')} API tokens left today`
  return `${me.company_name ?? me.company_domain ?? 'Pipedrive'} as ${me.name ?? `user ${me.id}`}${left}`
}

export function describeBrevo(account: BrevoAccount): string {
  const plan = account.plan?.[0]?.type
  return `${account.companyName ?? account.email ?? 'Brevo'}${plan ? `, plan ${plan}` : ''}`
}
