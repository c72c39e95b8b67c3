/**
 * Which scope of an app a call needs: the least that will do. Where Pipedrive takes any of several, this one is among them.
 * {@link https://pipedrive.readme.io/docs/marketplace-scopes-and-permissions-explanations}
 */

type Scopes = { readonly read: string; readonly write: string }

function of(kind: string): Scopes {
  return { read: `${kind}:read`, write: `${kind}:full` }
}

/** By the first part of the path. What is not here needs none. */
const SCOPES: Readonly<Record<string, Scopes>> = {
  persons: of('contacts'),
  organizations: of('contacts'),
  notes: of('contacts'),
  personFields: of('contacts'),
  organizationFields: of('contacts'),
  deals: of('deals'),
  pipelines: of('deals'),
  stages: of('deals'),
  dealFields: of('deals'),
  activities: of('activities'),
  activityTypes: of('activities'),
  activityFields: { read: 'admin', write: 'admin' },
  leads: of('leads'),
  users: { read: 'users:read', write: 'admin' },
  webhooks: of('webhooks'),
  recents: of('recents'),
  itemSearch: of('search'),
}

/** `path`: as in the table of endpoints, filled in or not. Null where none is needed, or nobody knows. */
export function scopeOf(method: string, path: string): string | null {
  const [head = '', ...rest] = path.replace(/^\/(api\/)?v\d\//, '').split('/')
  if (head === 'users' && rest[0] === 'me') return null
  if (rest.at(-1) === 'changelog') return 'recents:read'
  // Making a field is more than changing one.
  if (head === 'personFields' && rest.length === 0 && method === 'POST') return 'contact-fields:full'
  const scopes = SCOPES[head]
  return scopes === undefined ? null : method === 'GET' ? scopes.read : scopes.write
}
