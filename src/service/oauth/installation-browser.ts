/** Browsers come to one address, whichever connection is meant: a ticket and a state lead to it. */
import { findAuthorisation, readAuthorisation, type Store } from '../../store/index.ts'
import type { Service } from '../service-face.ts'
import { hashOf } from './authorise.ts'
import { stateUnknown, ticketInvalid } from './oauth-errors.ts'
import type { OAuthBrowser } from './oauth-face.ts'

export type InstallationBrowserOptions = {
  readonly store: Store
  readonly services: () => readonly Service[]
  readonly find: (connection: string) => Service | null
}

export function createInstallationBrowser({
  store,
  services,
  find,
}: InstallationBrowserOptions): OAuthBrowser {
  return {
    async start(ticket) {
      const row = await readAuthorisation(store.db, hashOf(ticket))
      const service = row === undefined ? null : find(row.connection)
      if (service === null) throw ticketInvalid()
      return service.oauth.browser.start(ticket)
    },
    async finish(answer) {
      const row = answer.state === null ? undefined : await findAuthorisation(store.db, hashOf(answer.state))
      const service = row === undefined ? null : find(row.connection)
      if (service === null) throw stateUnknown()
      return service.oauth.browser.finish(answer)
    },
    async uninstall(notice) {
      // Several connections may use one app: each knows its own user.
      let isTaken = false
      for (const { oauth } of services()) isTaken = (await oauth.browser.uninstall(notice)) || isTaken
      return isTaken
    },
  }
}
