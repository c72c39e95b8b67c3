/** What may happen to a live Tajo, as data that fast-check makes up and makes smaller. It performs nothing. */
import fc from 'fast-check'
import type { Fault } from '../../../src/simulators/kit/faults.ts'
import { anyDeed, type Deed } from './deeds.ts'
import type { Trouble } from './network.ts'
import type { Operation } from './tajo-process.ts'

const day = 86_400_000

export type Happening =
  | ({ readonly kind: 'deed'; readonly gapMs: number } & Deed)
  /** So many of what was delivered and not handed over yet; `shuffle` 0 keeps the order. */
  | { readonly kind: 'hand over'; readonly count: number; readonly shuffle: number; readonly twice: boolean }
  | { readonly kind: 'hand over again'; readonly count: number; readonly shuffle: number }
  | { readonly kind: 'drop'; readonly count: number; readonly shuffle: number }
  | { readonly kind: 'run'; readonly operation: Operation; readonly trouble: PlannedTrouble }
  | { readonly kind: 'restart' }
  /** A deal moves several times in a moment, and its webhooks come one by one, with looks between them. */
  | {
      readonly kind: 'flurry'
      readonly who: number
      readonly moves: readonly number[]
      readonly gapMs: number
      readonly shuffle: number
      readonly looks: readonly ('nothing' | 'step' | 'poll')[]
    }
  | { readonly kind: 'wait'; readonly ms: number }

export type PlannedTrouble = {
  readonly killedAfter?: number
  readonly fault?: NonNullable<Trouble['fault']>
  readonly meanwhile?: { readonly after: number; readonly deed: Deed }
}

export type Case = {
  readonly seed: number
  /** The first sync is killed at these points, one after the other. */
  readonly firstKills: readonly number[]
  readonly happenings: readonly Happening[]
  /** Whether what nobody handed over yet comes at last, or never. */
  readonly restComes: boolean
  /** Whether the end is held against a real first sync too, and not against the rules alone. */
  readonly freshSync: boolean
}

const gap = fc.constantFrom(1, 1, 40, 300, 999, 1_000, 2_500, 61_000)
const deed: fc.Arbitrary<Happening> = fc
  .tuple(anyDeed, gap)
  .map(([what, gapMs]) => ({ kind: 'deed', gapMs, ...what }))
const anyFault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { kind: 'cut-before' },
  { kind: 'cut-after' },
  { kind: 'half-json' },
  { kind: 'html', status: 502 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429 },
)
const trouble: fc.Arbitrary<PlannedTrouble> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ killedAfter: fc.nat({ max: 90 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      fault: fc.record({
        side: fc.constantFrom<'pipedrive' | 'brevo'>('pipedrive', 'brevo', 'brevo'),
        after: fc.nat({ max: 5 }),
        fault: anyFault,
        only: fc.constantFrom('', '/events', '/contacts'),
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ meanwhile: fc.record({ after: fc.nat({ max: 14 }), deed: anyDeed }) }),
  },
)
const run: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('run'),
  operation: fc.constantFrom<Operation>(
    'step',
    'step',
    'step',
    'step',
    'step',
    'poll',
    'poll',
    'sync',
    'full sync',
    'companies',
  ),
  trouble,
})
const count = fc.integer({ min: 1, max: 6 })
const handOver: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('hand over'),
  count: fc.oneof(count, fc.constant(99)),
  shuffle: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50 })),
  twice: fc.boolean(),
})
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: deed },
  { weight: 6, arbitrary: handOver },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('hand over again'), count, shuffle: fc.nat({ max: 50 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop'), count, shuffle: fc.nat({ max: 50 }) }) },
  { weight: 7, arbitrary: run },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('flurry'),
      who: fc.nat({ max: 3 }),
      moves: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 }),
      gapMs: fc.constantFrom(1, 300, 700),
      shuffle: fc.nat({ max: 20 }),
      looks: fc.array(fc.constantFrom('nothing', 'step', 'poll'), { minLength: 4, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait'),
      ms: fc.constantFrom(
        1_000,
        3_000,
        4_000,
        5_000,
        20_000,
        90_000,
        3_600_000,
        day,
        26 * 3_600_000,
        25 * day,
        40 * day,
      ),
    }),
  },
)

export function anyCase(maxLength: number): fc.Arbitrary<Case> {
  return fc.record({
    seed: fc.integer({ min: 1, max: 3 }),
    firstKills: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.nat({ max: 150 }), { minLength: 1, maxLength: 2 }) },
    ),
    happenings: fc.array(happening, { minLength: 1, maxLength, size: 'max' }),
    restComes: fc.boolean(),
    freshSync: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  })
}
