/** A running Brevo simulator for one test, spoken to over real HTTP. Closes itself when the test ends. */
import { onTestFinished } from 'vitest'
import { type ManualClock, manualClock } from '../../src/base/clock.ts'
import {
  type BrevoAttribute,
  type BrevoSeed,
  type BrevoSimulatorOptions,
  createBrevoSimulator,
  emptyBrevoSeed,
} from '../../src/simulators/brevo/index.ts'

export type Answer = { status: number; body: never; headers: Headers }

/** Limits no test runs into by accident. */
const OPEN = { contacts: {}, events: {}, other: {} }

export const CUSTOM_ATTRIBUTES: BrevoAttribute[] = [
  { name: 'SCORE', category: 'normal', type: 'float' },
  { name: 'BORN', category: 'normal', type: 'date' },
  { name: 'VIP', category: 'normal', type: 'boolean' },
  {
    name: 'COUNTRIES',
    category: 'normal',
    type: 'multiple-choice',
    multiCategoryOptions: ['USA', 'India', 'France'],
  },
  {
    name: 'GENDER',
    category: 'category',
    type: 'category',
    enumeration: [
      { value: 1, label: 'Men' },
      { value: 2, label: 'Women' },
      { value: 'x', label: 'Other' },
    ],
  },
  { name: 'ORDER_ID', category: 'transactional', type: 'id' },
]

/** Standard and custom attributes, folder 1, lists 2 and 3, nobody. */
export function testSeed(changes: Partial<BrevoSeed> = {}): BrevoSeed {
  const seed = emptyBrevoSeed()
  return {
    ...seed,
    attributes: [...seed.attributes, ...CUSTOM_ATTRIBUTES],
    lists: [...seed.lists, { id: 3, name: 'Second', folderId: 1 }],
    ...changes,
  }
}

export async function startBrevo(options: Partial<BrevoSimulatorOptions> = {}) {
  const clock: ManualClock = manualClock()
  const simulator = createBrevoSimulator({ seed: testSeed(), clock, limits: OPEN, ...options })
  const url = await simulator.listen()
  onTestFinished(() => simulator.close())

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${url}/v3${path}`, {
      method,
      headers: { 'api-key': 'xkeysib-sandbox', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      body: (text === '' ? undefined : isJson ? JSON.parse(text) : text) as never,
      headers: response.headers,
    }
  }
  return { simulator, state: simulator.state, clock, url, call }
}
