/** Who may use the HTTP interface, as types. Keys belong to the installation: they open one connection, or all. */
import type { Scope } from '../../wire/index.ts'

export type KeyView = {
  /** The public part of the key; what `revoke` takes. */
  readonly id: string
  readonly name: string
  readonly scope: Scope
  /** The only connection it opens; null: all. */
  readonly connection: string | null
  readonly state: 'valid' | 'expired' | 'revoked'
  readonly createdAt: string
  readonly expiresAt: string | null
  /** To the minute. */
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

export type NewKey = {
  readonly name: string
  readonly scope: Scope
  readonly connection?: string | null | undefined
  /** ISO 8601; null: never. */
  readonly expiresAt?: string | null | undefined
}

export type Keys = {
  /** Newest first, with those that do not hold any more. */
  list(): Promise<readonly KeyView[]>
  /** The secret is shown here and never again. Throws `key_invalid` and `key_name_taken`. */
  create(key: NewKey): Promise<{ key: KeyView; secret: string }>
  /** By id or name; it holds no longer when this resolves. Throws `key_unknown`. */
  revoke(idOrName: string): Promise<KeyView>
}

/** Who stands behind a request. */
export type KeyHolder = {
  /** Null: the key of the environment, or somebody who sits at the machine. */
  readonly keyId: string | null
  readonly name: string
  readonly scope: Scope
  readonly connection: string | null
}

export type KeyRefusal = 'unknown' | 'expired' | 'revoked'

export type KeyCheck = {
  /** Constant time where secrets are compared. Why it is refused is told only of keys whose secret is right. */
  authenticate(key: string): Promise<KeyHolder | KeyRefusal>
  /** Whether a key that was right still holds. */
  holds(keyId: string): Promise<boolean>
}
