/** Who has a number in Brevo, as far as the grant of it to others depends on that. */
import { sql } from 'kysely'
import { anyOf, type Db } from './db.ts'

export type NumberHolder = {
  sms: string
  /** The contact's address. */
  email: string | null
  /** The person that the contact is tied to, where it is the lead person of a cluster, and that cluster's address. */
  person_id: number | null
  identity: string | null
  /** Tajo gave it this number. */
  written: boolean
  /** Brevo's people gave it this number since both sides last agreed. */
  given_in_brevo: boolean
}

export async function readNumberHolders(
  db: Db,
  connection: string,
  numbers: readonly string[],
): Promise<readonly NumberHolder[]> {
  const result = await sql<NumberHolder>`
    select k.sms, k.email, o.person_id, o.identity, 'SMS' = any(k.written) as written,
      (k.agreed ? 'SMS' and k.agreed ->> 'SMS' is distinct from k.sms) as given_in_brevo
    from known k
    left join links l on l.connection = k.connection and l.contact_id = k.contact_id
    left join wanted o on o.connection = k.connection and o.person_id = l.person_id
    where k.connection = ${connection} and k.sms = ${anyOf(numbers, 'text')}`.execute(db)
  return result.rows
}

/** Those of these persons whose number Brevo itself once refused as none, with that number. */
export async function readRefusedNumbers(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<readonly { person_id: number; sms: string }[]> {
  const result = await sql<{ person_id: number; sms: string }>`
    select person_id, substring(subject from 5) as sms from warnings
    where connection = ${connection} and person_id = ${anyOf(personIds, 'bigint')}
      and code = 'invalid_phone' and subject like 'SMS +%'`.execute(db)
  return result.rows
}
