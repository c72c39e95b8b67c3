/** What may happen to a Tajo that goes both ways, as data that fast-check makes up and makes smaller. It performs nothing. */
import fc from 'fast-check'
import type { Fault } from '../../../src/simulators/kit/faults.ts'
import type { Operation } from '../live-model/tajo-process.ts'
import { anyDeed, type Deed } from './deeds.ts'
import type { Setting } from './fields.ts'
import type { Trouble } from './world.ts'

export type Happening =
  | ({ readonly kind: 'deed'; readonly gapMs: number } & Deed)
  /** So many of what arrived and was not handed over yet; `shuffle` 0 keeps the order. */
  | { readonly kind: 'hand over'; readonly count: number; readonly shuffle: number; readonly twice: boolean }
  | { readonly kind: 'hand over again'; readonly count: number; readonly shuffle: number }
  | { readonly kind: 'drop'; readonly count: number; readonly shuffle: number }
  | { readonly kind: 'run'; readonly operation: Operation; readonly trouble: Trouble }
  | { readonly kind: 'restart' }
  | { readonly kind: 'wait'; readonly ms: number }

/** What happens between one quiet moment and the next. */
export type Epoch = {
  readonly happenings: readonly Happening[]
  /** Whether what nobody handed over yet comes at last, or never. */
  readonly restComes: boolean
}

export type Case = {
  readonly setting: Setting
  /** The first sync is killed at these points, one after the other. */
  readonly firstKills: readonly number[]
  readonly epochs: readonly Epoch[]
}

/** Never within one second: what was edited later is newer to everybody. */
const gap = fc.constantFrom(1_000, 1_000, 2_000, 40_000, 90_000, 400_000)
const deed: fc.Arbitrary<Happening> = fc
  .tuple(anyDeed, gap)
  .map(([what, gapMs]) => ({ kind: 'deed', gapMs, ...what }))
const anyFault = fc.constantFrom<Fault>(
  { kind: 'cut-before' },
  { kind: 'cut-after' },
  { kind: 'cut-after' },
  { kind: 'half-json' },
  { kind: 'html', status: 502 },
  { kind: 'status', status: 503 },
)
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.record({ killedAfter: fc.nat({ max: 130 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      fault: fc
        .tuple(
          fc.constantFrom(
            { side: 'pipedrive' as const, method: 'PATCH', path: '/persons' },
            { side: 'pipedrive' as const, method: 'PATCH', path: '/persons' },
            { side: 'pipedrive' as const, method: 'POST', path: '/persons' },
            { side: 'pipedrive' as const, method: 'GET', path: '' },
            { side: 'brevo' as const, method: 'PUT', path: '/contacts' },
            { side: 'brevo' as const, method: 'POST', path: '/contacts' },
            { side: 'brevo' as const, method: 'GET', path: '/contacts' },
          ),
          fc.nat({ max: 3 }),
          anyFault,
          fc.constantFrom(1, 1, 6),
        )
        .map(([where, after, fault, times]) => ({ ...where, after, fault, times })),
    }),
  },
)
const run: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('run'),
  operation: fc.constantFrom<Operation>('step', 'step', 'step', 'step', 'poll', 'poll', 'sync', 'full sync'),
  trouble,
})
const count = fc.integer({ min: 1, max: 5 })
const shuffle = fc.nat({ max: 40 })
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: deed },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('hand over'),
      count: fc.oneof(count, fc.constant(99)),
      shuffle: fc.oneof(fc.constant(0), shuffle),
      twice: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hand over again'), count, shuffle }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop'), count, shuffle }) },
  { weight: 6, arbitrary: run },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait'),
      ms: fc.constantFrom(3_000, 20_000, 700_000, 3_600_000, 26 * 3_600_000),
    }),
  },
)

export function anyCase(maxLength: number): fc.Arbitrary<Case> {
  return fc.record({
    setting: fc.record({
      conflict: fc.constantFrom('newest', 'newest', 'pipedrive', 'brevo'),
      create: fc.constantFrom('never', 'all'),
      keyName: fc.boolean(),
    }),
    firstKills: fc.oneof(
      { weight: 8, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.nat({ max: 150 }), { minLength: 1, maxLength: 2 }) },
    ),
    epochs: fc.array(
      fc.record({
        happenings: fc.array(happening, { minLength: 1, maxLength, size: 'max' }),
        restComes: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3, size: 'max' },
    ),
  })
}
