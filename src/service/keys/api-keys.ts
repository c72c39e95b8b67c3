/**
 * Keys of the HTTP interface: `tajo_<id>_<secret>`. The id is public and finds the row; of the secret only its SHA-256
 * is kept. A slow hash is for passwords that people choose: these secrets are 256 random bits, which nobody can try out.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import {
  type ApiKeyRow,
  insertApiKey,
  listApiKeys,
  noteApiKeyUse,
  readApiKey,
  revokeApiKey,
  type Store,
} from '../../store/index.ts'
import type { Scope } from '../../wire/index.ts'
import type { KeyCheck, KeyHolder, KeyRefusal, Keys, KeyView, NewKey } from './keys-face.ts'

export type KeysContext = {
  readonly store: Store
  readonly clock: Clock
  /** TAJO_API_KEY: an admin's key that no table holds. */
  readonly ownKey: string | null
}

const KEY = /^tajo_([0-9a-f]{12})_([\w-]{43})$/
const ID = /^[0-9a-f]{12}$/
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@/-]{0,63}$/u
const ID_BYTES = 6
const SECRET_BYTES = 32
/** How exact "last used" is: a row is not written with every request. */
const USE_MS = 60_000

export function createKeys({ store, clock, ownKey }: KeysContext): Keys & KeyCheck {
  const own = ownKey === null ? null : sha256(ownKey)
  return {
    async list() {
      const now = clock.now()
      return (await listApiKeys(store.db)).map((row) => toView(row, now))
    },
    create: (key) => create(store, clock.now(), key),
    async revoke(idOrName) {
      const now = clock.now()
      const row = await revokeApiKey(store.db, idOrName, now)
      if (row === null) throw unknownKey(idOrName)
      return toView(row, now)
    },
    async authenticate(key) {
      if (own !== null && timingSafeEqual(own, sha256(key))) return OWNER
      return authenticate(store, clock.now(), key)
    },
    async holds(keyId) {
      const row = await readApiKey(store.db, keyId)
      return row !== null && stateOf(row, clock.now()) === 'valid'
    },
  }
}

const OWNER: KeyHolder = { keyId: null, name: 'TAJO_API_KEY', scope: 'admin', connection: null }

async function create(
  store: Store,
  now: Date,
  { name, scope, connection = null, expiresAt = null }: NewKey,
): Promise<{ key: KeyView; secret: string }> {
  if (!NAME.test(name) || ID.test(name)) {
    throw invalid('A key has a name of 1 to 64 letters, digits, spaces and . _ @ / -, such as "dashboard".')
  }
  const expires = expiresAt === null ? null : new Date(expiresAt)
  if (expires !== null && !(expires > now)) {
    throw invalid(`The key "${name}" would have expired already: give a time to come, or none.`)
  }
  const id = randomBytes(ID_BYTES).toString('hex')
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  const hash = sha256(secret).toString('hex')
  const row = { id, name, scope, connection, hash, created_at: now, expires_at: expires }
  if (!(await insertApiKey(store.db, row))) throw nameTaken(name)
  return {
    key: toView({ ...row, last_used_at: null, revoked_at: null }, now),
    secret: `tajo_${id}_${secret}`,
  }
}

async function authenticate(store: Store, now: Date, key: string): Promise<KeyHolder | KeyRefusal> {
  const [, id, secret] = KEY.exec(key) ?? []
  if (id === undefined || secret === undefined) return 'unknown'
  const row = await readApiKey(store.db, id)
  if (row === null || !timingSafeEqual(sha256(secret), Buffer.from(row.hash, 'hex'))) return 'unknown'
  const state = stateOf(row, now)
  if (state !== 'valid') return state
  if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() >= USE_MS) {
    await noteApiKeyUse(store.db, id, now)
  }
  return { keyId: id, name: row.name, scope: row.scope as Scope, connection: row.connection }
}

function stateOf({ revoked_at, expires_at }: ApiKeyRow, now: Date): KeyView['state'] {
  if (revoked_at !== null) return 'revoked'
  return expires_at !== null && expires_at <= now ? 'expired' : 'valid'
}

function toView(row: ApiKeyRow, now: Date): KeyView {
  const { id, name, scope, connection } = row
  return {
    id,
    name,
    scope: scope as Scope,
    connection,
    state: stateOf(row, now),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function invalid(message: string): TajoError {
  return new TajoError({ code: 'key_invalid', message })
}

function nameTaken(name: string): TajoError {
  return new TajoError({
    code: 'key_name_taken',
    message: `There is a key named "${name}" already. Take another name, or revoke that one first.`,
  })
}

/** Does not repeat what was given: it may be a whole key. */
function unknownKey(given: string): TajoError {
  const whole = KEY.test(given)
  return new TajoError({
    code: 'key_unknown',
    message: whole
      ? 'A key is revoked by its name or its id (the twelve characters after tajo_), not by the key itself.'
      : 'There is no key with this id, and none that holds with this name. "tajo keys list" shows them.',
  })
}
