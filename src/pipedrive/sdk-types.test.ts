/** Checked by the compiler: the records of Pipedrive's own SDK are records for us, too. Runs nothing of the SDK. */
import type { v2 } from 'pipedrive'
import { expectTypeOf, test } from 'vitest'
import type { PipedriveDeal } from './record/deal.ts'
import type { PipedriveOrganization } from './record/organization.ts'
import type { PipedrivePerson } from './record/person.ts'

// Nested objects are left out: the SDK's interfaces have no index signature, ours are open on purpose.
type Nested = 'custom_fields' | 'emails' | 'phones' | 'address' | 'postal_address'

type Known<T> = { [Name in keyof T as string extends Name ? never : Name]: T[Name] }

/** Fields of the SDK's record whose type ours does not accept. */
type Misfits<Theirs, Ours> = {
  [Name in keyof Theirs & keyof Known<Ours>]-?: NonNullable<Theirs[Name]> extends NonNullable<
    Known<Ours>[Name]
  >
    ? never
    : Name
}[keyof Theirs & keyof Known<Ours>]

test('responses of the SDK fit our records', () => {
  expectTypeOf<Misfits<Omit<v2.Deal, Nested>, PipedriveDeal>>().toEqualTypeOf<never>()
  expectTypeOf<Misfits<Omit<v2.Person, Nested>, PipedrivePerson>>().toEqualTypeOf<never>()
  expectTypeOf<Misfits<Omit<v2.OrganizationItem, Nested>, PipedriveOrganization>>().toEqualTypeOf<never>()
})
