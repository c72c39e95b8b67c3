/** Puts the resources of a client together: which schema, endpoints and extras each entity has. */
import type { Clock } from '../../base/clock.ts'
import type { PipedriveCalls } from '../calls.ts'
import { assertNameParts } from '../check-request.ts'
import type { PipedriveClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { createFieldTypeMemory } from '../field-type-memory.ts'
import { activitySchema, type PipedriveActivityChange } from '../record/activity.ts'
import { dealSchema, type PipedriveDealChange } from '../record/deal.ts'
import { personHitSchema, searchHitSchema } from '../record/history.ts'
import { organizationSchema, type PipedriveOrganizationChange } from '../record/organization.ts'
import { type PipedrivePersonChange, personSchema } from '../record/person.ts'
import { createAccountResources } from './account.ts'
import { createArchivedDeals } from './archived-deals.ts'
import { createEntityResource } from './entity.ts'
import { createHistory, createRecents, createSearch } from './history.ts'
import { createLeads } from './leads.ts'

type Resources = Omit<
  PipedriveClient,
  'apiUrl' | 'apiVersion' | 'usage' | 'budget' | 'forecast' | 'governor' | 'close'
>

export function createResources(calls: PipedriveCalls, clock: Clock): Resources {
  const account = createAccountResources(calls)
  const fieldLists = {
    person: account.personFields,
    organization: account.organizationFields,
    deal: account.dealFields,
  }
  const fieldTypes = createFieldTypeMemory((entity) => fieldLists[entity].list(), clock)
  const shared = { calls, fieldTypes }
  const { persons, organizations, deals, activities } = ENDPOINTS

  return {
    ...account,
    personFields: {
      ...account.personFields,
      async create(field, options) {
        const made = await account.personFields.create(field, options)
        fieldTypes.learn('person', made)
        return made
      },
    },
    persons: {
      ...createEntityResource<typeof personSchema, PipedrivePersonChange>({
        ...shared,
        kind: 'person',
        schema: personSchema,
        endpoints: persons,
        check: assertNameParts,
      }),
      ...createHistory(calls, persons),
      search: createSearch(calls, persons.search, personHitSchema),
    },
    organizations: {
      ...createEntityResource<typeof organizationSchema, PipedriveOrganizationChange>({
        ...shared,
        kind: 'organization',
        schema: organizationSchema,
        endpoints: organizations,
      }),
      ...createHistory(calls, organizations),
    },
    deals: {
      ...createEntityResource<typeof dealSchema, PipedriveDealChange>({
        ...shared,
        kind: 'deal',
        schema: dealSchema,
        endpoints: deals,
      }),
      ...createHistory(calls, deals),
      archivedPages: createArchivedDeals(calls),
    },
    activities: createEntityResource<typeof activitySchema, PipedriveActivityChange>({
      ...shared,
      kind: 'activity',
      schema: activitySchema,
      endpoints: activities,
    }),
    leads: createLeads(calls, fieldTypes),
    recents: createRecents(calls),
    itemSearch: { pages: createSearch(calls, ENDPOINTS.itemSearch.list, searchHitSchema) },
  }
}
