import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import {
  askLinks,
  clearCompanyFailures,
  clearDirtyOrganizations,
  countCompanies,
  dropCreating,
  dueCompanies,
  linkContacts,
  markAllOrganizations,
  markCreating,
  markOrganizations,
  markOrganizationsOfPersons,
  type ProjectedCompany,
  type RecordRow,
  readCompanies,
  readOrganizationFacts,
  recordFailures,
  replaceProjected,
  settleFound,
  settleLinks,
  settleWritten,
  takeDirtyOrganizations,
  uncertainCompanies,
  upsertKnown,
  upsertRecords,
} from '../../src/store/index.ts'
import type { Store } from '../../src/store/open.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'
const at = new Date('2026-06-01T10:00:00Z')
const some = { hardDelete: false, after: 0, limit: 10 }

function record(id: number, changes: Partial<RecordRow> = {}): RecordRow {
  return {
    id: String(id),
    doc: { id },
    version: null,
    fingerprint: 'one',
    deleted: false,
    person_id: null,
    org_id: null,
    identity: null,
    problem: null,
    ...changes,
  }
}

function projected(orgId: number, changes: Partial<ProjectedCompany> = {}): ProjectedCompany {
  return {
    org_id: orgId,
    source: 'one',
    plan: 'plan',
    name: 'Acme',
    attributes: {},
    keep: [],
    fingerprint: 'wanted',
    contacts: [101],
    problem: null,
    warnings: [],
    ...changes,
  }
}

const unwanted = { source: null, name: null, attributes: null, fingerprint: null, contacts: [] }

forEachStore('companies', (open) => {
  let store: Store

  /** Organizations 1 and 2; persons 11 and 12 with contacts 101 and 102, both at organization 1. */
  beforeEach(async () => {
    store = await open()
    await upsertRecords(store.db, C, 'organization', [record(1), record(2)])
    await upsertRecords(store.db, C, 'person', [record(11, { org_id: 1 }), record(12, { org_id: 1 })])
    await upsertKnown(
      store.db,
      C,
      [101, 102].map((contact_id) => ({
        contact_id,
        email: `c${contact_id}@x.example`,
        ext_id: null,
        sms: null,
        attributes: {},
        lists: [],
        email_blocked: false,
        sms_blocked: false,
        blocked_by: null,
        modified_at: null,
      })),
    )
    await linkContacts(store.db, C, [
      { person_id: 11, contact_id: 101 },
      { person_id: 12, contact_id: 102 },
    ])
  })

  const dirty = async () => (await takeDirtyOrganizations(store.db, C, 100)).map((mark) => mark.org_id).sort()
  const clear = async () =>
    clearDirtyOrganizations(store.db, C, await takeDirtyOrganizations(store.db, C, 100))
  const only = async (orgId = 1) => (await readCompanies(store.db, C, [orgId]))[0]

  it('R8.2: a mark that is made between reading and clearing survives', async () => {
    await markOrganizations(store.db, C, [1, 2])
    const taken = await takeDirtyOrganizations(store.db, C, 100)
    await markOrganizations(store.db, C, [2])
    await clearDirtyOrganizations(store.db, C, taken)
    expect(await dirty()).toEqual([2])
  })

  it('R8.2: a person that moves marks the organization it left and the one it joined', async () => {
    await replaceProjected(store.db, C, [projected(1, { contacts: [101, 102] })])
    await upsertRecords(store.db, C, 'person', [record(11, { org_id: 2, fingerprint: 'two' })])
    await markOrganizationsOfPersons(store.db, C, [11])
    expect(await dirty()).toEqual([1, 2])
  })

  it('R8.2: the complete comparison marks what differs and nothing else', async () => {
    const mark = () => markAllOrganizations(store.db, C, 'plan')
    expect(await mark()).toBe(1)
    expect(await dirty()).toEqual([1])
    await clear()
    await replaceProjected(store.db, C, [projected(1, { contacts: [101, 102] })])
    expect(await mark()).toBe(0)
    expect(await markAllOrganizations(store.db, C, 'another plan')).toBe(1)
    await clear()
    await upsertRecords(store.db, C, 'organization', [record(1, { fingerprint: 'two' })])
    expect(await mark()).toBe(1)
    await clear()
    await upsertRecords(store.db, C, 'organization', [record(1, { fingerprint: 'one' })])
    await upsertRecords(store.db, C, 'person', [record(12, { org_id: 2, fingerprint: 'two' })])
    expect(await mark()).toBe(2)
    await clear()
    await upsertRecords(store.db, C, 'person', [record(12, { org_id: 1, fingerprint: 'three' })])
    await upsertRecords(store.db, C, 'organization', [record(1, { deleted: true })])
    expect(await mark()).toBe(1)
    await replaceProjected(store.db, C, [projected(1, unwanted)])
    await clear()
    expect(await mark()).toBe(0)
  })

  it('R8.2: facts are the live record and the contacts of its live persons', async () => {
    await upsertRecords(store.db, C, 'person', [record(12, { org_id: 1, deleted: true })])
    expect(await readOrganizationFacts(store.db, C, [1, 2, 3])).toEqual([
      { org_id: 1, doc: { id: 1 }, source: 'one', contacts: [101] },
      { org_id: 2, doc: { id: 2 }, source: 'one', contacts: [] },
      { org_id: 3, doc: null, source: null, contacts: [] },
    ])
  })

  it('R8.2: what never had a company and wants none leaves no row', async () => {
    await replaceProjected(store.db, C, [projected(1), projected(2, unwanted)])
    await replaceProjected(store.db, C, [projected(1, unwanted)])
    expect(await readCompanies(store.db, C, [1, 2])).toEqual([])
  })

  it('R8.2: a creation that was sent is not due again until it is known that Brevo has none', async () => {
    await replaceProjected(store.db, C, [projected(1)])
    expect(await dueCompanies(store.db, C, 'create', some)).toHaveLength(1)
    await markCreating(store.db, C, { organizationIds: [1], by: 'import', at })
    expect(await dueCompanies(store.db, C, 'create', some)).toEqual([])
    expect(await uncertainCompanies(store.db, C)).toEqual({
      count: 1,
      firstAt: at,
      lastAt: at,
      processIds: [],
      unnamed: 1,
    })
    await dropCreating(store.db, C, { organizationIds: null, unsent: false })
    expect(await dueCompanies(store.db, C, 'create', some)).toMatchObject([
      { org_id: 1, attempts: 1, asked: [] },
    ])
  })

  it('R8.2: one organization has one company, and one company one organization', async () => {
    await replaceProjected(store.db, C, [projected(1), projected(2)])
    const found = { written: 'wanted', written_names: [], linked: [101], others: [] }
    await settleFound(store.db, C, [{ org_id: 1, company_id: 'a', ...found }])
    await settleFound(store.db, C, [{ org_id: 1, company_id: 'b', ...found }])
    await settleFound(store.db, C, [{ org_id: 2, company_id: 'a', ...found }])
    expect(await readCompanies(store.db, C, [1, 2])).toMatchObject([
      { org_id: 1, company_id: 'a' },
      { org_id: 2, company_id: null },
    ])
  })

  it('R8.2: a company is due for what differs: values, links that lack, and links of ours that are too many', async () => {
    await replaceProjected(store.db, C, [projected(1, { contacts: [101, 102] })])
    await settleFound(store.db, C, [
      { org_id: 1, company_id: 'a', written: 'wanted', written_names: [], linked: [101], others: [102, 7] },
    ])
    const due = () => dueCompanies(store.db, C, 'change', some)
    expect(await due()).toEqual([])
    await replaceProjected(store.db, C, [projected(1, { contacts: [101, 102], fingerprint: 'changed' })])
    expect(await due()).toHaveLength(1)
    await settleWritten(store.db, C, { organizationId: 1, written: 'changed', names: ['x'] })
    expect(await due()).toEqual([])
    await replaceProjected(store.db, C, [projected(1, { contacts: [102], fingerprint: 'changed' })])
    expect(await due()).toHaveLength(1)
    await settleLinks(store.db, C, 1, [])
    expect(await due()).toEqual([])
    await askLinks(store.db, C, 1, [101])
    expect(await due()).toHaveLength(1)
  })

  it('R8.2: links of a contact that Brevo no longer has are forgotten', async () => {
    await replaceProjected(store.db, C, [projected(1, { contacts: [101, 102] })])
    await settleFound(store.db, C, [
      { org_id: 1, company_id: 'a', written: 'wanted', written_names: [], linked: [101, 102], others: [] },
    ])
    await sql`delete from known where contact_id = 102`.execute(store.db)
    await replaceProjected(store.db, C, [projected(1)])
    expect(await only()).toMatchObject({ linked: [101] })
    expect(await dueCompanies(store.db, C, 'change', some)).toEqual([])
  })

  it('R7.3: a company that nobody wants is due while it has our links, and with hard deletion if we wrote it', async () => {
    await replaceProjected(store.db, C, [projected(1)])
    await settleFound(store.db, C, [
      { org_id: 1, company_id: 'a', written: 'wanted', written_names: [], linked: [101], others: [] },
      { org_id: 2, company_id: 'b', written: null, written_names: [], linked: [], others: [102] },
    ])
    await replaceProjected(store.db, C, [projected(1, unwanted)])
    const due = async (hardDelete: boolean) =>
      (await dueCompanies(store.db, C, 'remove', { ...some, hardDelete })).map((row) => row.org_id)
    expect(await due(false)).toEqual([1])
    await settleLinks(store.db, C, 1, [])
    expect(await due(false)).toEqual([])
    expect(await due(true)).toEqual([1])
  })

  it('R6.2: what failed is left alone until it changes or is asked for, and every company is counted once', async () => {
    await replaceProjected(store.db, C, [projected(1), projected(2)])
    const [row] = await dueCompanies(store.db, C, 'create', some)
    const failure = {
      entity: 'company',
      record_id: '1',
      code: 'brevo_rejected',
      disposition: 'reject',
      message: 'no',
      vendor_message: null,
      remedy: 'mend it',
      fingerprint: row?.due ?? '',
    }
    await recordFailures(store.db, C, [failure], at)
    const due = async () => (await dueCompanies(store.db, C, 'create', some)).map((company) => company.org_id)
    expect(await due()).toEqual([2])
    expect(await countCompanies(store.db, C, false)).toMatchObject({ wanted: 2, in_step: 0, failed: 1 })
    await recordFailures(store.db, C, [{ ...failure, fingerprint: null }], at)
    expect(await due()).toEqual([1, 2])
    await recordFailures(store.db, C, [failure], at)
    await replaceProjected(store.db, C, [projected(1, { fingerprint: 'changed' })])
    expect(await due()).toEqual([1, 2])
    await settleFound(store.db, C, [
      { org_id: 1, company_id: 'a', written: 'changed', written_names: [], linked: [101], others: [] },
    ])
    await clearCompanyFailures(store.db, C, false)
    expect(await store.db.selectFrom('failures').select('record_id').execute()).toEqual([])
    expect(await countCompanies(store.db, C, false)).toMatchObject({ wanted: 2, in_step: 1, failed: 0 })
  })
})
