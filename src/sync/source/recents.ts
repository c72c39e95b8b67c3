/** `/v1/recents` as a list of hints: what changed, of all kinds, in one call. The records it carries have the old shape and are not used. */
import { isJsonObject } from '../../base/json.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import type { RecordHint, Stream } from '../model/index.ts'
import { toIsoTime } from './from-pipedrive.ts'

const items: Readonly<Partial<Record<Stream, 'person' | 'organization' | 'deal' | 'activity'>>> = {
  persons: 'person',
  organizations: 'organization',
  deals: 'deal',
  activities: 'activity',
}

/** Everything of these streams that changed since; `serverTime` is Pipedrive's clock at the first answer. */
export async function readRecents(
  pipedrive: PipedriveClient,
  streams: readonly Stream[],
  since: Date,
  signal?: AbortSignal,
): Promise<{ hints: readonly RecordHint[]; serverTime: Date | null }> {
  const names = streams.flatMap((stream) => items[stream] ?? [])
  const hints: RecordHint[] = []
  let serverTime: Date | null = null
  for await (const page of pipedrive.recents.pages({ since, items: names, lane: 'live', signal })) {
    serverTime ??= page.serverTime
    for (const { item, id, data } of page.items) {
      const entity = names.find((name) => name === item)
      if (!entity) continue
      const time = isJsonObject(data) ? data.update_time : null
      // UTC with a space, as all of version 1.
      const version =
        typeof time === 'string' ? toIsoTime(`${time.replace(' ', 'T')}Z`.replace('ZZ', 'Z')) : null
      hints.push({ entity, id: String(id), version })
    }
    for (const { id, raw } of page.unreadable) {
      const kind = isJsonObject(raw) ? raw.item : null
      const entity = names.find((name) => name === kind)
      if (entity && id !== null) hints.push({ entity, id, version: null })
    }
  }
  return { hints, serverTime }
}
