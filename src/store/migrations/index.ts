/** Every migration in order. Forward only: a landed migration is never edited. */
import type { Migration } from 'kysely/migration'
import { foundation } from './0001-foundation.ts'
import { live } from './0002-live.ts'
import { companies } from './0003-companies.ts'
import { twoWay } from './0004-two-way.ts'
import { reports } from './0005-reports.ts'
import { oauth } from './0006-oauth.ts'
import { skills } from './0007-skills.ts'
import { keys } from './0008-keys.ts'
import { connections } from './0011-connections.ts'
import { settings } from './0012-settings.ts'
import { eventsByPerson } from './0013-events-by-person.ts'
import { trails } from './0014-trails.ts'
import { transitionsOfDeals } from './0015-transitions-of-deals.ts'
import { failuresByCause } from './0016-failures-by-cause.ts'

export const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-live': live,
  '0003-companies': companies,
  '0004-two-way': twoWay,
  '0005-reports': reports,
  '0006-oauth': oauth,
  '0007-skills': skills,
  '0008-keys': keys,
  '0011-connections': connections,
  '0012-settings': settings,
  '0013-events-by-person': eventsByPerson,
  '0014-trails': trails,
  '0015-transitions-of-deals': transitionsOfDeals,
  '0016-failures-by-cause': failuresByCause,
}
