/**
 * `/metrics`: what the server counted itself, and the readings of the moment, taken when somebody asks. Labels are
 * closed lists: no ids, no addresses.
 */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { InboxSource, LiveReadings } from '../service/index.ts'
import { createReadingMetrics } from './reading-metrics.ts'

export type Metrics = {
  /** A webhook that was answered; `none` where the sender went away. */
  webhook(source: InboxSource, status: string, seconds: number): void
  /** Prometheus text format 0.0.4. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

export type MetricsOptions = {
  /** By connection; null while there are none yet. */
  readonly readings: () => Promise<ReadonlyMap<string, LiveReadings>> | null
  /** Readings could not be taken; the rest is still shown, and `tajo_up` is 0. */
  readonly onFault: (thrown: unknown) => void
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics({ readings, onFault }: MetricsOptions): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const webhooks = new Counter({
    name: 'tajo_webhooks_total',
    help: 'Webhooks by the service they came from and the status they were answered with.',
    labelNames: ['source', 'status'],
    registers,
  })
  const acceptance = new Histogram({
    name: 'tajo_webhook_seconds',
    help: 'Seconds from the head of an accepted webhook to its answer.',
    labelNames: ['source'],
    buckets: SECONDS,
    registers,
  })
  const showReadings = createReadingMetrics(registers)
  return {
    webhook(source, status, seconds) {
      webhooks.inc({ source, status })
      if (status === '200') acceptance.observe({ source }, seconds)
    },
    async render() {
      try {
        showReadings((await readings()) ?? null)
      } catch (error) {
        // Whoever watches must see that it is down, and the counters of the door with it.
        showReadings(null)
        onFault(error)
      }
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}
