/** One person explained in the words of the configuration, with a verdict in one sentence. */
import type { Config } from '../config/index.ts'
import type { Store } from '../store/index.ts'
import { explainPerson, type PersonExplanation } from '../sync/index.ts'
import { toFailureView } from './failures.ts'
import type { Explanation } from './service-face.ts'

export async function explain(
  store: Store,
  connection: string,
  config: Config,
  subject: string,
): Promise<Explanation> {
  const person = await explainPerson(store, connection, subject)
  const sourceOf = new Map(config.personMapping.map((item) => [item.target, item.source]))
  const { outcome, verdict } = judge(person)
  return {
    personId: person.personId,
    email: person.email,
    verdict,
    outcome,
    source: person.source,
    cluster: person.cluster.map((member, index) => ({
      personId: member.id,
      name: nameOf(member.fields.name),
      lead: index === 0,
    })),
    contactId: person.contact?.contactId ?? null,
    fields: person.fields.map((field) => ({ ...field, source: sourceOf.get(field.attribute) ?? '' })),
    lists: person.lists,
    consent: {
      emailBlocked: person.contact?.emailBlocked ?? null,
      smsBlocked: person.contact?.smsBlocked ?? null,
    },
    warnings: person.warnings.map(({ code, detail }) => ({ code, detail })),
    failure: person.failure && toFailureView(person.failure),
    pending: person.pending,
    events: person.events.map((event) => ({
      name: event.name,
      entity: event.entity,
      recordId: event.record_id,
      action: event.action,
      occurredAt: event.occurred_at,
      sentAt: event.sent_at?.toISOString() ?? null,
      state: event.state,
    })),
    reverse: person.reverse && {
      ...person.reverse,
      failure: person.reverse.failure && toFailureView(person.reverse.failure),
    },
  }
}

function judge(person: PersonExplanation): Pick<Explanation, 'outcome' | 'verdict'> {
  const lead = person.cluster[0]
  const contact = person.contact ? `contact ${person.contact.contactId}` : 'a contact'
  if (person.deleted) return { outcome: 'deleted', verdict: 'Deleted in Pipedrive.' }
  if (person.problem === 'no_email')
    return {
      outcome: 'no_email',
      verdict: 'Skipped: the person has no e-mail address. Add one in Pipedrive.',
    }
  if (person.problem === 'invalid_email')
    return {
      outcome: 'invalid_email',
      verdict: 'Skipped: the primary e-mail is not an address. Correct it in Pipedrive.',
    }
  if (person.problem === 'erased') {
    return {
      outcome: 'erased',
      verdict: 'Skipped: the person was erased; nothing else is kept. `tajo gdpr allow <email>` lifts it.',
    }
  }
  if (lead && lead.id !== person.personId) {
    return {
      outcome: 'same_email',
      verdict: `Skipped: shares its address with person ${lead.id}, which was changed last and speaks for both.`,
    }
  }
  const failure = person.failure ?? person.reverse?.failure
  if (failure) {
    const outcome = failure.discarded ? 'discarded' : 'failed'
    return {
      outcome,
      verdict: `${outcome === 'failed' ? 'Failed' : 'Failed and discarded'}: ${failure.message} ${failure.remedy}`,
    }
  }
  if (person.held) {
    return {
      outcome: 'deleted_in_brevo',
      verdict: 'Its contact was deleted in Brevo; it is not sent again until the person changes.',
    }
  }
  const back = goesBack(person)
  if (person.inStep && !back)
    return { outcome: 'in_step', verdict: `In step: ${contact} in Brevo is as it should be.` }
  if (!back) return { outcome: 'waiting', verdict: 'Waiting: the next sync brings it to Brevo.' }
  const verdict = goesToBrevo(person)
    ? 'Waiting: the next sync brings each side what was changed on the other.'
    : 'Waiting: the next sync brings to Pipedrive what was changed in Brevo.'
  return { outcome: 'waiting', verdict }
}

function goesBack({ reverse }: PersonExplanation): boolean {
  if (reverse === null) return false
  const { edit, consent, fields } = reverse
  const waits = edit?.state === 'pending' || edit?.state === 'sent'
  return waits || consent.next !== null || fields.some(({ outcome }) => outcome === 'to_pipedrive')
}

function goesToBrevo({ inStep, reverse, fields }: PersonExplanation): boolean {
  if (inStep) return false
  const bothWays = new Set(reverse?.fields.map(({ attribute }) => attribute))
  return (
    (reverse?.fields.some(({ outcome }) => outcome === 'to_brevo') ?? false) ||
    fields.some(
      ({ attribute, state }) => !bothWays.has(attribute) && ['differs', 'to be cleared'].includes(state),
    )
  )
}

function nameOf(value: PersonExplanation['cluster'][number]['fields'][string] | undefined): string {
  return value?.kind === 'text' ? value.text : ''
}
