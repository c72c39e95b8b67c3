/** A small running account for tests: a few records of each kind, a field of each type, a clock that stands still. */
import { type ManualClock, manualClock } from '../../src/base/clock.ts'
import {
  createPipedriveSimulator,
  type PipedriveSimulator,
  type PipedriveSimulatorOptions,
} from '../../src/simulators/pipedrive/index.ts'
import {
  CUSTOM_FIELD_TYPES,
  emptyPipedriveSeed,
  type PipedriveSeed,
  type SeedField,
} from '../../src/simulators/pipedrive/seed.ts'

export const ADMIN_TOKEN = 'a'.repeat(40)
export const USER_TOKEN = 'b'.repeat(40)
export const START = new Date('2026-06-15T10:00:00.400Z')

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape.
export type Reply = { status: number; headers: Headers; text: string; body: any }

export type Scene = {
  simulator: PipedriveSimulator
  clock: ManualClock
  /** A request as the admin unless another token (or none) is named. */
  call(
    method: string,
    path: string,
    body?: unknown,
    options?: { token?: string | null; headers?: Record<string, string> },
  ): Promise<Reply>
  url: string
  stop(): Promise<void>
}

/** Field codes of the scene: the place of the type in the list of types, as 40 hexadecimal digits. */
export function codeOf(type: SeedField['field_type']): string {
  return CUSTOM_FIELD_TYPES.indexOf(type).toString(16).padStart(2, '0').repeat(20)
}

export function sceneSeed(): PipedriveSeed {
  const at = (day: number): string => `2026-06-${String(day).padStart(2, '0')}T08:00:00Z`
  const times = (day: number): { add_time: string; update_time: string } => ({
    add_time: at(1),
    update_time: at(day),
  })
  const mail = (value: string) => [{ value, primary: true, label: 'work' }]
  const fields = (entity: 'person' | 'deal'): SeedField[] =>
    CUSTOM_FIELD_TYPES.map((field_type, index) => ({
      entity,
      id: 9001 + index,
      field_code: codeOf(field_type),
      field_name: `My ${field_type}`,
      field_type,
      ...(field_type === 'enum' || field_type === 'set'
        ? {
            options: [
              { id: 11, label: 'Eleven' },
              { id: 12, label: 'Twelve' },
            ],
          }
        : {}),
    }))
  return {
    ...emptyPipedriveSeed(),
    users: [
      { id: 1, name: 'Olive Owner', email: 'olive@example.com', is_admin: true },
      { id: 2, name: 'Sam Seller', email: 'sam@example.com', is_admin: false },
    ],
    labels: { person: [{ id: 1, label: 'Customer', color: 'green' }], organization: [], deal: [] },
    leadLabels: [
      {
        id: 'f08b42a0-4e75-41ea-a643-03698ef1cfd6',
        name: 'Hot',
        color: 'red',
        add_time: at(1),
        update_time: at(1),
      },
    ],
    fields: [...fields('person'), ...fields('deal')],
    stages: [
      { id: 1, name: 'First', pipeline_id: 1, order_nr: 1, ...times(1) },
      { id: 2, name: 'Second', pipeline_id: 1, order_nr: 2, ...times(1) },
    ],
    organizations: [{ id: 1, name: 'Acme', owner_id: 1, address: { value: 'Main Street 1' }, ...times(2) }],
    persons: [
      {
        id: 1,
        name: 'Jane Doe',
        first_name: 'Jane',
        last_name: 'Doe',
        owner_id: 1,
        org_id: 1,
        emails: mail('jane@acme.example'),
        phones: mail('+82 10-1111-2222'),
        label_ids: [1],
        ...times(5),
      },
      { id: 2, name: '김민준', owner_id: 2, emails: mail('minjun@acme.example'), phones: [], ...times(3) },
      { id: 3, name: 'Old Timer', owner_id: 1, emails: [], phones: [], ...times(4) },
      { id: 4, name: 'Private Person', owner_id: 1, visible_to: 1, emails: [], phones: [], ...times(4) },
    ],
    deals: [
      {
        id: 1,
        title: 'Open one',
        owner_id: 1,
        person_id: 1,
        org_id: 1,
        value: 100,
        currency: 'EUR',
        pipeline_id: 1,
        stage_id: 1,
        status: 'open',
        ...times(5),
      },
      {
        id: 2,
        title: 'Won one',
        owner_id: 1,
        person_id: 1,
        value: 250,
        currency: 'EUR',
        pipeline_id: 1,
        stage_id: 2,
        status: 'won',
        won_time: at(6),
        close_time: at(6),
        ...times(6),
      },
      {
        id: 3,
        title: 'Archived one',
        owner_id: 1,
        person_id: 2,
        value: 5,
        currency: 'EUR',
        pipeline_id: 1,
        stage_id: 1,
        status: 'lost',
        lost_time: at(7),
        lost_reason: 'Price',
        is_archived: true,
        archive_time: at(7),
        ...times(7),
      },
    ],
    activities: [
      {
        id: 1,
        subject: 'Call',
        type: 'call',
        owner_id: 1,
        person_id: 1,
        deal_id: 1,
        done: true,
        due_date: '2026-06-02',
        due_time: '09:30:00',
        ...times(2),
      },
      {
        id: 2,
        subject: 'Meet',
        type: 'meeting',
        owner_id: 1,
        person_id: 1,
        due_date: '2026-06-20',
        ...times(3),
      },
    ],
    leads: [
      {
        id: 'adf21080-0e10-41eb-879b-000000000001',
        title: 'Live lead',
        owner_id: 1,
        person_id: 1,
        add_time: '2026-06-01T08:00:00.551Z',
        update_time: '2026-06-02T08:00:00.551Z',
      },
      {
        id: 'adf21080-0e10-41eb-879b-000000000002',
        title: 'Archived lead',
        owner_id: 1,
        person_id: 2,
        is_archived: true,
        add_time: '2026-06-01T09:00:00.551Z',
        update_time: '2026-06-03T08:00:00.551Z',
      },
    ],
    notes: [{ id: 1, content: '<p>Hi</p>', user_id: 1, person_id: 1, ...times(2) }],
  }
}

/** Limits are wide unless the options narrow them. */
export async function startScene(options: Partial<PipedriveSimulatorOptions> = {}): Promise<Scene> {
  const clock = manualClock(START)
  const simulator = createPipedriveSimulator({
    seed: sceneSeed(),
    clock,
    apiTokens: [ADMIN_TOKEN, USER_TOKEN],
    limits: { burst: 10_000, search: 10_000, customFields: 100 },
    ...options,
  })
  const url = await simulator.listen()
  return {
    simulator,
    clock,
    url,
    async call(method, path, body, { token = ADMIN_TOKEN, headers = {} } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(token === null ? {} : { 'x-api-token': token }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson =
        response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? JSON.parse(text) : null,
      }
    },
    stop: () => simulator.close(),
  }
}
