/**
 * What an import does to each row once its process ends (https://developers.brevo.com/reference/import-contacts):
 * upsert by email, silence about what does not fit, reports about what is refused. Reads no HTTP.
 */
import { fitValue } from './attribute-values.ts'
import {
  applyChange,
  type ContactChange,
  conflictsOf,
  emptyChange,
  noteBlocked,
  setValue,
} from './contact-change.ts'
import { watchContact } from './contact-events.ts'
import type { Contact } from './contact-store.ts'
import { formatCsv } from './csv.ts'
import { IDENTIFIER_KINDS, type IdentifierKind, isIdentifierAttribute, toStoredEmail } from './identifiers.ts'
import type { ImportReports } from './process-queue.ts'
import type { BrevoWorld } from './world.ts'

/** `EMAIL` in the attributes is the email too; a row's own `email` goes before it. */
export type ImportRow = { email?: unknown; attributes?: Record<string, unknown> }

export type ImportOrder = {
  rows: readonly ImportRow[]
  source: 'json' | 'csv'
  listIds: readonly number[]
  updateExisting: boolean
  emptyErases: boolean
  emailBlacklist: boolean
  smsBlacklist: boolean
}

type Report = keyof ImportReports
const REPORT_OF: Record<IdentifierKind, Report> = {
  email: 'duplicate_email_id',
  SMS: 'duplicate_phone_id',
  EXT_ID: 'duplicate_ext_id',
  WHATSAPP: 'duplicate_whatsapp_id',
  LANDLINE_NUMBER: 'duplicate_landline_number_id',
}

export function runImport(order: ImportOrder, world: BrevoWorld, atMs: number): ImportReports {
  const found = new Map<Report, string[][]>()
  const report = (name: Report, line: string[], header: string[]): void => {
    const lines = found.get(name) ?? [header]
    lines.push(line)
    found.set(name, lines)
  }
  for (const row of order.rows) {
    const given = row.email ?? row.attributes?.EMAIL
    const email = typeof given === 'string' ? given.trim() : ''
    const change = readRow(row, order, world)
    if (email !== '') {
      const stored = toStoredEmail(email)
      if (stored === null) {
        report('invalid_emails', [email], ['EMAIL'])
        continue
      }
      change.identifiers.set('email', stored)
    }
    if (![...change.identifiers.values()].some((value) => value !== undefined)) {
      report('invalid_emails', [''], ['EMAIL'])
      continue
    }
    const target = targetOf(change, world)
    const announce = watchContact(target, world)
    if (target && !order.updateExisting) {
      for (const listId of order.listIds) world.contacts.joinList(target, listId)
      world.contacts.touch(target, atMs)
      announce(target)
      continue
    }
    const conflicts = conflictsOf(change, target, world)
    for (const { kind } of conflicts) {
      const line = [String(change.identifiers.get('email') ?? ''), String(change.identifiers.get(kind))]
      report(REPORT_OF[kind], line, ['EMAIL', kind])
    }
    if (conflicts.length > 0 && world.switches.importDuplicate === 'drop-row') continue
    for (const { kind } of conflicts) change.identifiers.delete(kind)
    change.joins = [...order.listIds]
    const contact = target ?? world.contacts.insert(atMs)
    applyChange(contact, change, world, atMs)
    applyConsent(contact, target !== undefined, order, world)
    announce(contact)
  }
  const text = (name: Report): string | null => {
    const lines = found.get(name)
    return lines ? formatCsv(lines) : null
  }
  return {
    invalid_emails: text('invalid_emails'),
    duplicate_contact_id: null,
    duplicate_ext_id: text('duplicate_ext_id'),
    duplicate_email_id: text('duplicate_email_id'),
    duplicate_phone_id: text('duplicate_phone_id'),
    duplicate_whatsapp_id: text('duplicate_whatsapp_id'),
    duplicate_landline_number_id: text('duplicate_landline_number_id'),
  }
}

function readRow(row: ImportRow, order: ImportOrder, world: BrevoWorld): ContactChange {
  const change = emptyChange()
  for (const [name, value] of Object.entries(row.attributes ?? {})) {
    const attribute = world.attributes.get(name)
    if (!attribute) continue
    if (value === '' || value === null) {
      if (!order.emptyErases || !order.updateExisting) continue
      if (isIdentifierAttribute(name)) change.identifiers.set(name, undefined)
      else change.attributes.set(name, undefined)
      continue
    }
    if (typeof value === 'boolean' && order.source === 'json' && world.switches.importIgnoresBooleans)
      continue
    const fit = fitValue(attribute, value, order.source === 'csv' || world.switches.lenientTypes)
    if (fit.fits) setValue(change, name, fit.value)
  }
  return change
}

/** With an email the email alone decides; without one the first other identifier that is known. */
function targetOf(change: ContactChange, world: BrevoWorld): Contact | undefined {
  const email = change.identifiers.get('email')
  if (email !== undefined) return world.contacts.find('email', email)
  for (const kind of IDENTIFIER_KINDS) {
    const value = change.identifiers.get(kind)
    const contact = value === undefined ? undefined : world.contacts.find(kind, value)
    if (contact) return contact
  }
  return undefined
}

function applyConsent(contact: Contact, existed: boolean, order: ImportOrder, world: BrevoWorld): void {
  if (existed && world.switches.importUnblocklists) {
    contact.emailBlacklisted = false
    contact.smsBlacklisted = false
  }
  if (order.emailBlacklist && !contact.emailBlacklisted) noteBlocked(contact, world, world.nowMs())
  contact.emailBlacklisted ||= order.emailBlacklist
  contact.smsBlacklisted ||= order.smsBlacklist
}
