/** Checked by the compiler: what we send is what Brevo's own SDK would accept. Runs nothing of the SDK. */
import type { Brevo } from '@getbrevo/brevo'
import { expectTypeOf, test } from 'vitest'
import type { BrevoCompanyLinks, BrevoCreateCompany, BrevoUpdateCompany } from './record/company.ts'
import type { BrevoCreateContact, BrevoUpdateContact } from './record/contact.ts'
import type { BrevoUpdateDeal } from './record/deal.ts'
import type { BrevoEventRequest } from './record/event.ts'

/** The SDK's types are mutable; ours are not, and that is the only difference allowed. */
type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Mutable<T[Name]> }
    : T

test('requests fit the SDK', () => {
  expectTypeOf<Mutable<BrevoCreateContact>>().toExtend<Brevo.CreateContactRequest>()
  expectTypeOf<Mutable<Omit<BrevoUpdateContact, 'attributes'>>>().toExtend<
    Omit<Brevo.UpdateContactRequest, 'identifier' | 'identifierType' | 'attributes'>
  >()
  expectTypeOf<BrevoEventRequest['event_name']>().toExtend<Brevo.CreateEventRequest['event_name']>()
  expectTypeOf<Mutable<BrevoEventRequest['identifiers']>>().toExtend<
    Brevo.CreateEventRequest['identifiers']
  >()
  expectTypeOf<Mutable<BrevoCreateCompany>>().toExtend<Brevo.PostCompaniesRequest>()
  expectTypeOf<Mutable<BrevoUpdateCompany>>().toExtend<Omit<Brevo.PatchCompaniesIdRequest, 'id'>>()
  expectTypeOf<Mutable<BrevoUpdateDeal>>().toExtend<Omit<Brevo.PatchCrmDealsIdRequest, 'id'>>()
  expectTypeOf<Mutable<BrevoCompanyLinks>>().toExtend<Omit<Brevo.PatchCompaniesLinkUnlinkIdRequest, 'id'>>()
})
