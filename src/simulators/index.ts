/** The sandbox: both simulated services over one data set. Starts servers on loopback only; knows no client code. */
import { type Clock, systemClock } from '../base/clock.ts'
import { SANDBOX_KEY } from './brevo/access.ts'
import { type BrevoSimulatorOptions, createBrevoSimulator, SANDBOX_BREVO_APP } from './brevo/index.ts'
import { createDataSet, type DataSetName } from './data/data-set.ts'
import { oneWay } from './data/tajo-yaml.ts'
import { createPipedriveSimulator, type PipedriveSimulatorOptions, SANDBOX_APP } from './pipedrive/index.ts'

export type { Call } from './kit/call-log.ts'
export type { Fault, FaultRates, FaultRule } from './kit/faults.ts'
export type { Simulator } from './kit/simulator.ts'
export type { BrevoSimulatorOptions, DataSetName, PipedriveSimulatorOptions }
export { createBrevoSimulator, createDataSet, createPipedriveSimulator, oneWay }

export type SandboxOptions = {
  data: DataSetName
  /** The same seed gives the same sandbox; default 1. */
  seed?: number
  /** Pipedrive's plan; default 'lite'. */
  plan?: NonNullable<PipedriveSimulatorOptions['plan']>
  /** Added to every answer of both, milliseconds; default 0. */
  latencyMs?: number
  clock?: Clock
  pipedrive?: Partial<PipedriveSimulatorOptions>
  brevo?: Partial<BrevoSimulatorOptions>
}

export type StartedSandbox = {
  pipedriveUrl: string
  /** Ends in /v3. */
  brevoUrl: string
  /** The variables that point Tajo at this sandbox. */
  environment: Record<string, string>
  /** The variables of the simulated apps, for OAuth instead of the tokens in `environment`. */
  oauthEnvironment: Record<string, string>
  /** A tajo.yaml that fits the data set. */
  yaml: string
}

export type Sandbox = {
  readonly pipedrive: ReturnType<typeof createPipedriveSimulator>
  readonly brevo: ReturnType<typeof createBrevoSimulator>
  /** Starts both servers on loopback; ports default to free ones. */
  start(ports?: { pipedrivePort?: number; brevoPort?: number }): Promise<StartedSandbox>
  stop(): Promise<void>
}

/** Both simulators over one data set; nothing listens until `start`. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? systemClock
  const latencyMs = options.latencyMs ?? 0
  const data = createDataSet(options.data, options.seed, clock.now())
  const common = { clock, latencyMs }
  const pipedrive = createPipedriveSimulator({
    seed: data.pipedrive,
    ...common,
    randomSeed: options.seed ?? 1,
    ...(options.plan ? { plan: options.plan } : {}),
    ...options.pipedrive,
  })
  const brevo = createBrevoSimulator({ seed: data.brevo, ...common, ...options.brevo })
  return {
    pipedrive,
    brevo,
    async start({ pipedrivePort, brevoPort } = {}) {
      const started = await Promise.allSettled([pipedrive.listen(pipedrivePort), brevo.listen(brevoPort)])
      const failed = started.find((result) => result.status === 'rejected')
      if (failed) {
        await Promise.all([pipedrive.close(), brevo.close()])
        throw failed.reason
      }
      const [pipedriveUrl = '', brevoBase = ''] = started.map((result) =>
        result.status === 'fulfilled' ? result.value : '',
      )
      const brevoUrl = `${brevoBase}/v3`
      const environment = {
        PIPEDRIVE_API_URL: pipedriveUrl,
        PIPEDRIVE_API_TOKEN: pipedrive.apiTokens[0] ?? '',
        PIPEDRIVE_COMPANY_DOMAIN: data.pipedrive.company.domain,
        BREVO_API_URL: brevoUrl,
        BREVO_API_KEY: (options.brevo?.apiKeys?.[0] ?? SANDBOX_KEY).key,
      }
      const app = options.pipedrive?.oauthApps?.[0] ?? SANDBOX_APP
      const machine = options.brevo?.apps?.[0] ?? SANDBOX_BREVO_APP
      const oauthEnvironment = {
        PIPEDRIVE_OAUTH_URL: pipedriveUrl,
        PIPEDRIVE_CLIENT_ID: app.clientId,
        PIPEDRIVE_CLIENT_SECRET: app.clientSecret,
        BREVO_API_URL: brevoUrl,
        BREVO_CLIENT_ID: machine.clientId,
        BREVO_CLIENT_SECRET: machine.clientSecret,
      }
      return { pipedriveUrl, brevoUrl, environment, oauthEnvironment, yaml: data.yaml }
    },
    async stop() {
      await Promise.all([pipedrive.close(), brevo.close()])
    },
  }
}
