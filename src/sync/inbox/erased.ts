/** What a delivery says about somebody Tajo was told to forget is not kept (rule R11). That something arrived still is. */
import { emailsIn } from '../../base/email-text.ts'
import {
  type Db,
  type Delivery,
  erasedAmong,
  erasedPersons,
  type Hint,
  replaceBodies,
} from '../../store/index.ts'
import type { ReceivedMove } from '../model/index.ts'

/** Contacts by address, without those that were erased. */
export async function unerasedHints(
  db: Db,
  connection: string,
  hints: readonly Hint[],
  contactEntity: string,
): Promise<readonly Hint[]> {
  const addresses = hints.filter((hint) => hint.entity === contactEntity).map((hint) => hint.id)
  const gone = await erasedAmong(db, connection, addresses)
  return gone.size === 0 ? hints : hints.filter((hint) => hint.entity !== contactEntity || !gone.has(hint.id))
}

/** Moves of deals; those of erased persons' deals without their words. */
export async function unerasedMoves(
  db: Db,
  connection: string,
  moves: readonly ReceivedMove[],
): Promise<readonly ReceivedMove[]> {
  const personIds = moves.flatMap(({ deal }) => (deal.personId === null ? [] : [deal.personId]))
  const gone = await erasedPersons(db, connection, personIds)
  if (gone.size === 0) return moves
  return moves.map((move) =>
    gone.has(move.deal.personId ?? 0) ? { ...move, deal: { ...move.deal, title: '', fields: {} } } : move,
  )
}

/** Bodies that nobody understood are kept to be looked at; of one that names an erased address nothing is. */
export async function eraseBodies(
  db: Db,
  connection: string,
  refused: readonly Pick<Delivery, 'id' | 'body'>[],
): Promise<void> {
  const emailsOf = new Map(refused.map(({ id, body }) => [id, emailsIn(readable(body))]))
  const gone = await erasedAmong(
    db,
    connection,
    [...emailsOf.values()].flatMap((emails) => [...emails]),
  )
  if (gone.size === 0) return
  const ids = [...emailsOf].filter(([, emails]) => [...emails].some((email) => gone.has(email)))
  await replaceBodies(
    db,
    ids.map(([id]) => id),
    '"[erased]"',
  )
}

/** As JSON where it is: addresses may be written with escapes. */
function readable(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
