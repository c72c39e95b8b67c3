/**
 * Background processes (imports, emptied lists) on the injected clock: queued, running, done. Nothing runs by itself;
 * `settle` carries out what is due, so that a clock that stands still holds every process where it is. The owner is told
 * when there will be something to settle.
 */
import { processNotFound } from './refusal.ts'
import type { BrevoSwitches } from './switches.ts'

export type ProcessOutcome = 'completed' | 'failed' | 'cancelled'

export type ImportReports = {
  invalid_emails: string | null
  duplicate_contact_id: string | null
  duplicate_ext_id: string | null
  duplicate_email_id: string | null
  duplicate_phone_id: string | null
  duplicate_whatsapp_id: string | null
  duplicate_landline_number_id: string | null
}

export type Process = {
  readonly id: number
  readonly name: string
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly outcome: ProcessOutcome
  /** CSV texts; only for completed imports. */
  reports: ImportReports | null
  settled: boolean
}

type Plan = {
  name: string
  durationMs: number
  outcome: ProcessOutcome
  /** Carried out once, when the process ends. */
  work: (atMs: number) => ImportReports | null
}

export class ProcessQueue {
  readonly #processes: Process[] = []
  #pending: { process: Process; work: Plan['work'] }[] = []
  readonly #switches: BrevoSwitches

  readonly #onPlanned: (endsAtMs: number) => void

  constructor(switches: BrevoSwitches, onPlanned: (endsAtMs: number) => void) {
    this.#switches = switches
    this.#onPlanned = onPlanned
  }

  add(plan: Plan, nowMs: number): Process {
    const { queueMs } = this.#switches.importTime
    const busyUntil = this.#switches.importsInParallel
      ? 0
      : Math.max(0, ...this.#pending.map(({ process }) => process.endsAtMs))
    const startsAtMs = Math.max(nowMs + queueMs, busyUntil)
    const process: Process = {
      id: this.#processes.length + 1,
      name: plan.name,
      startsAtMs,
      endsAtMs: startsAtMs + Math.ceil(plan.durationMs),
      outcome: plan.outcome,
      reports: null,
      settled: false,
    }
    this.#processes.push(process)
    this.#pending.push({ process, work: plan.work })
    this.#onPlanned(process.endsAtMs)
    return process
  }

  /** Carries out every process whose end has come, in order of their ends. */
  settle(nowMs: number): void {
    if (this.#pending.length === 0) return
    const due = this.#pending.filter(({ process }) => process.endsAtMs <= nowMs)
    if (due.length === 0) return
    this.#pending = this.#pending.filter(({ process }) => process.endsAtMs > nowMs)
    for (const { process, work } of due.sort((a, b) => a.process.endsAtMs - b.process.endsAtMs)) {
      process.reports = work(process.endsAtMs)
      process.settled = true
    }
  }

  get(id: number): Process {
    const process = this.#processes[id - 1]
    if (!process) throw processNotFound()
    return process
  }

  all(): readonly Process[] {
    return this.#processes
  }

  status(process: Process, nowMs: number): string {
    if (nowMs < process.startsAtMs) return 'queued'
    return process.settled ? process.outcome : this.#switches.runningStatus
  }
}
