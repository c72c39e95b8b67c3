/** What happens in the demo's minute of life, and what must come of it. It waits for nothing and prints nothing. */
import type { Service } from '../service/index.ts'
import type { Sandbox } from '../simulators/index.ts'
import { goBothWays, unsubscribes } from './demo-back.ts'
import { type Cast, type CastPerson, firstNameOf } from './demo-cast.ts'
import {
  type Act,
  companyEffect,
  contactEffect,
  type Effect,
  eventEffect,
  listEffect,
  pollEffect,
} from './demo-effects.ts'

/** What the demo's tajo.yaml says besides what fits the data. */
export const LIFE_YAML = `
webhooks:
  - { event_action: added, event_object: deal, brevo_event: deal_created }
  - { event_action: added, event_object: activity, brevo_event: activity_logged }
  - { event_action: merged, event_object: person, brevo_event: contact_merged }
`

const DEAL = 'Spring campaign'
const LEAD_IN = { id: 1, name: 'Lead In' }
const CONTACT_MADE = { id: 2, name: 'Contact Made' }
const PROPOSAL_MADE = { id: 3, name: 'Proposal Made' }

type Script = {
  readonly sandbox: Sandbox
  readonly service: Service
  readonly cast: Cast
  /** How many polls there were. */
  readonly polls: () => number
  /** Of the deal of the second act. */
  dealId: number
}

/** In this order: later acts go on from what earlier ones left. */
export function createActs(about: Omit<Script, 'dealId'>): readonly Act[] {
  const script: Script = { ...about, dealId: 0 }
  return [
    marries(script),
    ...sells(script),
    calls(script),
    renames(script),
    moves(script),
    merges(script),
    ...goBothWays(script),
    ...unsubscribes(script),
  ]
}

function marries({ sandbox, cast: { star } }: Script): Act {
  const name = `${firstNameOf(star)} Lovelace`
  return {
    where: 'Pipedrive',
    text: `${star.name} (contact ${star.contactId}) becomes ${name}`,
    perform: () => edit(sandbox, star, { name }),
    effects: () => [contactEffect(sandbox, star, 'LASTNAME is Lovelace', { LASTNAME: 'Lovelace' })],
  }
}

/** A deal from its beginning to its end; of one move no webhook arrives. */
function sells(script: Script): readonly Act[] {
  const { sandbox, cast } = script
  const { star, organization } = cast
  const { state } = sandbox.pipedrive
  const toStage = ({ id, name }: typeof LEAD_IN, before: typeof LEAD_IN, lost: boolean): Act => ({
    where: 'Pipedrive',
    text: `deal "${DEAL}" moves to ${name}${lost ? '; its webhook is lost' : ''}`,
    perform() {
      if (lost) sandbox.pipedrive.dropWebhooks(1)
      state.patch('deal', script.dealId, { stage_id: id })
    },
    effects: () => [
      ...(lost ? [pollEffect(script.polls)] : []),
      eventEffect(sandbox, star, 'deal_stage_changed', `${before.name} → ${name}`, (properties) => {
        return properties.deal_id === script.dealId && properties.stage === name
      }),
    ],
  })
  const dealEvent = (name: string): Effect =>
    eventEffect(sandbox, star, name, '', (properties) => properties.deal_id === script.dealId)
  return [
    {
      where: 'Pipedrive',
      text: `deal "${DEAL}" is created for ${firstNameOf(star)}`,
      perform() {
        const { currency } = [...state.tables.deal.all()][0] ?? { currency: 'EUR' }
        const links = { person_id: star.id, org_id: organization.id, stage_id: LEAD_IN.id }
        script.dealId = state.insert('deal', { title: DEAL, value: 4_800, currency, ...links }).id
      },
      effects: () => [dealEvent('deal_created'), listEffect(sandbox, star, 'joins')],
    },
    toStage(CONTACT_MADE, LEAD_IN, false),
    toStage(PROPOSAL_MADE, CONTACT_MADE, true),
    {
      where: 'Pipedrive',
      text: `deal "${DEAL}" is won`,
      perform: () => state.patch('deal', script.dealId, { status: 'won' }),
      effects: () => [dealEvent('deal_won'), listEffect(sandbox, star, 'joins')],
    },
  ]
}

function calls(script: Script): Act {
  const { sandbox, cast } = script
  const { star } = cast
  const subject = 'Thank-you call'
  return {
    where: 'Pipedrive',
    text: `activity "${subject}" with ${firstNameOf(star)} is logged`,
    perform() {
      const links = { person_id: star.id, deal_id: script.dealId }
      sandbox.pipedrive.state.insert('activity', { subject, type: 'call', done: true, ...links })
    },
    effects: () => [eventEffect(sandbox, star, 'activity_logged', '')],
  }
}

function renames({ sandbox, service, cast: { star, organization } }: Script): Act {
  const name = `${organization.name} International`
  const { state } = sandbox.brevo
  const company = state.companies().find((each) => each.linkedContactsIds.includes(star.contactId))
  return {
    where: 'Pipedrive',
    text: `organization ${organization.name} becomes ${name}`,
    perform: () => sandbox.pipedrive.state.patch('organization', organization.id, { name }),
    effects: () => [
      contactEffect(sandbox, star, `COMPANY is ${name}`, { COMPANY: name }),
      ...(company === undefined ? [] : [companyEffect(sandbox, service, company.id, name)]),
    ],
  }
}

function moves({ sandbox, cast: { star } }: Script): Act {
  const value = star.email.replace('@', '.lovelace@')
  return {
    where: 'Pipedrive',
    text: `${firstNameOf(star)}'s address becomes ${value}`,
    perform: () => edit(sandbox, star, { emails: [{ value, primary: true, label: 'work' }] }),
    effects: () => [
      {
        where: 'Brevo',
        text: () => `contact ${star.contactId}: has the new address, and all that it had`,
        seen: () => sandbox.brevo.state.contact(value)?.id === star.contactId,
      },
    ],
  }
}

function merges({ sandbox, cast: { survivor, loser } }: Script): Act {
  return {
    where: 'Pipedrive',
    text: `${loser.name} (contact ${loser.contactId}) is merged into ${survivor.name} (${survivor.contactId})`,
    perform: () => sandbox.pipedrive.state.merge('person', loser.id, survivor.id),
    effects: () => [
      eventEffect(sandbox, survivor, 'contact_merged', ''),
      listEffect(sandbox, loser, 'leaves'),
    ],
  }
}

function edit({ pipedrive }: Sandbox, { id }: CastPerson, values: Record<string, unknown>): void {
  pipedrive.state.patch('person', id, values)
}
