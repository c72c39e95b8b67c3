/** Which scopes of a Pipedrive app the configuration needs, and which of them a consent lacks. Asks nobody. */
import type { Config } from '../../config/index.ts'
import { requiredWebhooks } from '../webhooks/required.ts'

export type MissingScope = {
  /** The least that would do: `contacts:read`. */
  readonly scope: string
  /** What fails without it, or with `isNeeded` false, what is dearer. */
  readonly what: string
  readonly isNeeded: boolean
}

type Need = MissingScope & { readonly also: readonly string[]; readonly applies: (config: Config) => boolean }

const always = (): boolean => true

/** `also`: scopes that hold it. */
const NEEDS: readonly Need[] = [
  {
    scope: 'contacts:read',
    also: ['contacts:full'],
    what: 'reading persons and organizations',
    isNeeded: true,
    applies: always,
  },
  {
    scope: 'deals:read',
    also: ['deals:full'],
    what: 'reading deals, pipelines and stages',
    isNeeded: true,
    applies: ({ pipedrive, dealStageMapping }) => pipedrive.sync.deals || dealStageMapping.length > 0,
  },
  {
    scope: 'activities:read',
    also: ['activities:full'],
    what: 'reading activities',
    isNeeded: true,
    applies: ({ pipedrive }) => pipedrive.sync.activities,
  },
  {
    scope: 'leads:read',
    also: ['leads:full'],
    what: 'reading leads',
    isNeeded: true,
    applies: ({ pipedrive }) => pipedrive.sync.leads,
  },
  {
    scope: 'contacts:full',
    also: [],
    what: 'carrying changes back to persons (reverse_sync)',
    isNeeded: true,
    applies: ({ reverseSync }) => reverseSync.enabled,
  },
  {
    scope: 'webhooks:full',
    also: ['admin'],
    what: 'registering webhooks',
    isNeeded: true,
    applies: (config) => config.server.publicUrl !== null && requiredWebhooks(config).pipedrive.length > 0,
  },
  {
    scope: 'users:read',
    also: ['admin'],
    what: 'names of owners',
    isNeeded: false,
    applies: always,
  },
  {
    scope: 'recents:read',
    also: ['search:read'],
    what: 'polling all kinds of records in one request, and the history of deals for reports',
    isNeeded: false,
    applies: always,
  },
]

/** None where Pipedrive did not say what was granted. */
export function missingScopes(config: Config, granted: readonly string[] | null): readonly MissingScope[] {
  if (granted === null) return []
  return NEEDS.filter(
    ({ scope, also, applies }) => applies(config) && ![scope, ...also].some((each) => granted.includes(each)),
  ).map(({ scope, what, isNeeded }) => ({ scope, what, isNeeded }))
}

export function scopesText(missing: readonly MissingScope[]): string {
  return missing.map(({ scope, what }) => `${scope} (${what})`).join(', ')
}
