/** Questions about a draft over a journey's store and sandbox: the service is closed meanwhile, and opened again. */
import fs from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { createBrevoClient } from '../../src/brevo/index.ts'
import { DEFAULT_CONNECTION, loadConfig } from '../../src/config/index.ts'
import { createPipedriveClient } from '../../src/pipedrive/index.ts'
import { toSyncSettings } from '../../src/service/sync-settings.ts'
import { openStore } from '../../src/store/index.ts'
import type { DraftContext, SyncSettings } from '../../src/sync/index.ts'
import type { Journey } from './journey.ts'

/** `draft`: changes the settings of the journey's configuration. */
export async function withDraft<T>(
  journey: Journey,
  draft: (settings: SyncSettings) => SyncSettings,
  ask: (context: DraftContext) => Promise<T>,
): Promise<T> {
  await journey.close()
  const { environment } = journey
  const store = await openStore({ dataDir: environment.TAJO_DATA_DIR ?? '' })
  const pipedrive = createPipedriveClient({
    apiUrl: environment.PIPEDRIVE_API_URL ?? '',
    credential: { apiToken: environment.PIPEDRIVE_API_TOKEN ?? '' },
  })
  const brevo = createBrevoClient({
    apiUrl: environment.BREVO_API_URL ?? '',
    credential: { apiKey: environment.BREVO_API_KEY ?? '' },
  })
  try {
    const { config } = loadConfig({ env: environment })
    const settings = draft(toSyncSettings(config))
    return await ask({
      store,
      connection: DEFAULT_CONNECTION,
      pipedrive,
      brevo,
      settings,
      clock: systemClock,
    })
  } finally {
    await Promise.all([pipedrive.close(), brevo.close()])
    await store.close()
    await journey.reopen()
  }
}

/** The settings of the journey's configuration, changed as its text. */
export function settingsFrom({ environment }: Journey, change: (yaml: string) => string): () => SyncSettings {
  return () => {
    const file = join(environment.TAJO_DATA_DIR ?? '', 'draft.yaml')
    fs.writeFileSync(file, change(fs.readFileSync(environment.TAJO_CONFIG ?? '', 'utf8')))
    return toSyncSettings(loadConfig({ file, env: environment }).config)
  }
}
