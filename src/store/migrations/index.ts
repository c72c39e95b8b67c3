/** Every migration in order. Forward only: a landed migration is never edited. */
import type { Migration } from 'kysely/migration'
import { foundation } from './0001-foundation.ts'

export const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
}
