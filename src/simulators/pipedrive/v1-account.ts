/** API v1 users, the caller's own account, activity types and currencies. Reads only. */
import { CURRENCIES } from './account-data.ts'
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import type { Values } from './records.ts'
import { Refusal } from './refusal.ts'
import type { SeedUser } from './seed.ts'
import type { PipedriveState } from './state.ts'

const read = { version: 'v1', method: 'GET' } as const

export const ACCOUNT_ENDPOINTS: readonly Endpoint[] = [
  { ...read, path: '/users', cost: 20, scopes: ['users:read', 'admin'], handle: listUsers },
  { ...read, path: '/users/me', cost: 2, handle: me },
  { ...read, path: '/users/:id', cost: 2, scopes: ['users:read', 'admin'], handle: getUser },
  {
    ...read,
    path: '/activityTypes',
    cost: 20,
    scopes: ['activities:read', 'activities:full', 'admin'],
    handle: activityTypes,
  },
  { ...read, path: '/currencies', cost: 20, handle: currencies },
]

function listUsers({ state, user }: ApiCall): Answer {
  const data = [...state.users.values()].map((one) => toV1FullUser(state, one, user))
  return { body: { success: true, data } }
}

function getUser({ state, user, param }: ApiCall): Answer {
  const found = state.users.get(Number(param('id')))
  if (!found) throw new Refusal(404, { success: false, error: 'User not found or not accessible.' })
  return { body: { success: true, data: toV1FullUser(state, found, user) } }
}

function me({ state, user }: ApiCall): Answer {
  const { company } = state.seed
  const data = {
    ...toV1FullUser(state, user, user),
    company_id: company.id,
    company_name: company.name,
    company_domain: company.domain,
    company_country: company.country,
    company_industry: 'Marketing',
    language: { language_code: 'en', country_code: 'US' },
  }
  return { body: { success: true, data } }
}

/** Who is no admin has no `access` entry that says so. */
export function toV1FullUser(state: PipedriveState, user: SeedUser, me: SeedUser): Values {
  const access = (app: string): Values => ({
    app,
    admin: user.is_admin,
    permission_set_id: `62cc4d7f-4038-4352-abf3-${String(user.id).padStart(12, '0')}`,
  })
  return {
    id: user.id,
    name: user.name,
    default_currency: state.seed.company.default_currency,
    locale: 'en_US',
    lang: 1,
    email: user.email,
    phone: null,
    activated: true,
    last_login: '2026-01-05 08:45:56',
    created: '2024-01-05 09:16:26',
    modified: '2026-01-05 08:45:56',
    has_created_company: user.id === state.seed.users[0]?.id,
    access: user.is_admin
      ? [access('sales'), access('global'), access('account_settings')]
      : [access('sales')],
    active_flag: user.active ?? true,
    timezone_name: user.timezone_name ?? 'Asia/Seoul',
    timezone_offset: '+09:00',
    role_id: 1,
    icon_url: null,
    is_you: user.id === me.id,
    is_deleted: false,
  }
}

function activityTypes({ state }: ApiCall): Answer {
  const data = state.activityTypes.map((type) => ({
    ...type,
    order_nr: type.id,
    active_flag: true,
    color: 'FFFFFF',
    is_custom_flag: false,
    add_time: '2024-01-05 09:16:26',
    update_time: '2024-01-05 09:16:26',
  }))
  return { body: { success: true, data } }
}

function currencies({ query }: ApiCall): Answer {
  const term = (query.get('term') ?? '').toLowerCase()
  const data = CURRENCIES.filter(
    ({ code, name }) => code.toLowerCase().includes(term) || name.toLowerCase().includes(term),
  ).map((currency) => ({ ...currency, active_flag: true, is_custom_flag: false }))
  return { body: { success: true, data } }
}
