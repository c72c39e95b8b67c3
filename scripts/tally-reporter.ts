/**
 * Ends a test run with what failed, a line each, and the one line that a script can read: `N passed, N failed`. Says what is
 * under way when nothing has ended for a while, or when the run is ended from outside: a test that hangs has a name then.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node'

const silenceMs = 180_000

export default class TallyReporter implements Reporter {
  readonly #underWay = new Map<TestModule | TestCase, number>()
  readonly #begun = new Set<TestModule>()
  #lastEndedAt = Date.now()
  #watch: NodeJS.Timeout | undefined

  onTestRunStart(): void {
    this.#watch = setInterval(() => {
      if (Date.now() - this.#lastEndedAt < silenceMs || this.#underWay.size === 0) return
      this.#lastEndedAt = Date.now()
      print(`Nothing has ended for ${silenceMs / 60_000} minutes. Under way:`, this.#listUnderWay())
    }, 10_000)
    this.#watch.unref()
    process.once('SIGTERM', () => {
      print('Ended from outside. Under way:', this.#listUnderWay())
      this.#end([...this.#begun], 0)
      process.exit(1)
    })
  }

  onTestModuleStart(module: TestModule): void {
    this.#underWay.set(module, Date.now())
    this.#begun.add(module)
  }

  onTestCaseReady(test: TestCase): void {
    this.#underWay.set(test, Date.now())
  }

  onTestCaseResult(test: TestCase): void {
    this.#underWay.delete(test)
    this.#lastEndedAt = Date.now()
  }

  onTestModuleEnd(module: TestModule): void {
    this.#underWay.delete(module)
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    clearInterval(this.#watch)
    this.#end(modules, unhandledErrors.length)
  }

  #listUnderWay(): string[] {
    const now = Date.now()
    return [...this.#underWay].map(([it, since]) => `${nameOf(it)} (${Math.round((now - since) / 1000)} s)`)
  }

  #end(modules: readonly TestModule[], others: number): void {
    const count = { passed: 0, failed: others, skipped: 0 }
    const failed: string[] = []
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) {
        count.failed++
        failed.push(`${nameOf(module)}: ${firstLine(module.errors()[0])}`)
      }
      for (const test of tests) {
        const { state, errors } = test.result()
        // What has not ended has not passed.
        count[state === 'pending' ? 'failed' : state]++
        if (state === 'failed') failed.push(`${nameOf(test)}: ${firstLine(errors?.[0])}`)
      }
    }
    if (failed.length > 0) print('Failed:', failed)
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`)
  }
}

function print(title: string, lines: readonly string[]): void {
  process.stdout.write(`\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
}

function nameOf(it: TestModule | TestCase): string {
  return it.type === 'module' ? it.relativeModuleId : `${it.module.relativeModuleId} > ${it.fullName}`
}

function firstLine(error: { readonly message?: string } | undefined): string {
  return (error?.message ?? 'no reason was given').split('\n', 1)[0]?.slice(0, 300) ?? ''
}
