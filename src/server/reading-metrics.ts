/** The readings of live connections as Prometheus metrics, by connection. What is not known is absent, never zero. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { LiveReadings } from '../service/index.ts'

type Value = number | null
type Row = readonly [labels: Readonly<Record<string, string>>, value: Value]

type Family = {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  /** Counters go up from the start of the process, gauges both ways. */
  readonly counter?: true
  readonly read: (readings: LiveReadings) => readonly Row[]
}

const one = (value: Value): readonly Row[] => [[{}, value]]
const flag = (value: boolean | null): readonly Row[] => one(value === null ? null : Number(value))
const time = (iso: string | null): readonly Row[] => one(iso === null ? null : Date.parse(iso) / 1_000)

const FAMILIES: readonly Family[] = [
  {
    name: 'tajo_requests_total',
    help: 'Requests that left, by service and answer; none where no answer came.',
    labels: ['vendor', 'status'],
    counter: true,
    read: ({ requests }) => requests.map(({ vendor, status, count }) => [{ vendor, status }, count]),
  },
  {
    name: 'tajo_webhook_deliveries_total',
    help: 'Deliveries in accepted webhooks: new ones, and duplicates of what had come before.',
    labels: ['source', 'outcome'],
    counter: true,
    read: ({ deliveries }) =>
      deliveries.flatMap(({ source, stored, duplicates }): Row[] => [
        [{ source, outcome: 'stored' }, stored],
        [{ source, outcome: 'duplicate' }, duplicates],
      ]),
  },
  {
    name: 'tajo_budget_left',
    help: "What may still be asked for: Pipedrive's tokens of today, Brevo's requests of this hour.",
    labels: ['vendor', 'budget'],
    read: ({ budgets }) => budgets.map(({ vendor, budget, left }) => [{ vendor, budget }, left]),
  },
  {
    name: 'tajo_backlog',
    help: 'What waits, by queue.',
    labels: ['queue'],
    read: ({ backlog }) => Object.entries(backlog).map(([queue, count]) => [{ queue }, count]),
  },
  {
    name: 'tajo_backlog_age_seconds',
    help: 'Age of the oldest delivery that waits; 0 when none does.',
    read: ({ backlogAgeSeconds }) => one(backlogAgeSeconds),
  },
  {
    name: 'tajo_change_lag_seconds',
    help: 'From the change at its source to its acceptance by the other side, over the last thousand changes.',
    labels: ['quantile'],
    read: ({ lagSeconds }) => [
      [{ quantile: '0.5' }, lagSeconds.p50],
      [{ quantile: '0.99' }, lagSeconds.p99],
    ],
  },
  {
    name: 'tajo_events_total',
    help: 'Events by what became of them.',
    labels: ['outcome'],
    counter: true,
    read: ({ events: { sent, no_contact, failed } }) =>
      Object.entries({ sent, no_contact, failed }).map(([outcome, count]) => [{ outcome }, count]),
  },
  {
    name: 'tajo_events_waiting',
    help: 'Events that were not sent yet.',
    read: ({ events }) => one(events.waiting),
  },
  {
    name: 'tajo_failures',
    help: 'Records that could not be synced, as tajo failures lists them.',
    read: ({ failures }) => one(failures),
  },
  {
    name: 'tajo_paused',
    help: 'Whether the connection waits for a time or for somebody to act.',
    read: ({ paused }) => flag(paused !== null),
  },
  {
    name: 'tajo_webhooks_healthy',
    help: 'Whether webhooks arrive as polling says they should; absent while that is not known.',
    read: ({ webhooksHealthy }) => flag(webhooksHealthy),
  },
  {
    name: 'tajo_last_poll_timestamp_seconds',
    help: 'When Pipedrive was last asked for changes.',
    read: ({ lastPollAt }) => time(lastPollAt),
  },
  {
    name: 'tajo_last_listing_timestamp_seconds',
    help: 'When the last complete listing of Pipedrive ended.',
    read: ({ lastListingAt }) => time(lastListingAt),
  },
  {
    name: 'tajo_mode',
    help: 'How changes are noticed: the current sync_mode has 1.',
    labels: ['mode'],
    read: ({ mode }) => [[{ mode }, 1]],
  },
]

/** Registers them; the result shows new readings, or none. */
export function createReadingMetrics(
  registers: Registry[],
): (readings: ReadonlyMap<string, LiveReadings> | null) => void {
  const up = new Gauge({ name: 'tajo_up', help: 'Whether the readings below could be taken.', registers })
  const shown = FAMILIES.map(({ name, help, labels = [], counter, read }) => {
    const options = { name, help, labelNames: [...labels, 'connection'], registers }
    const metric = counter === true ? new Counter(options) : new Gauge(options)
    return { metric, read }
  })
  return (readings) => {
    up.set(readings === null ? 0 : 1)
    for (const { metric, read } of shown) {
      metric.reset()
      for (const [connection, of] of readings ?? [])
        for (const [labels, value] of read(of)) {
          if (value !== null) metric.inc({ ...labels, connection }, value)
        }
    }
  }
}
