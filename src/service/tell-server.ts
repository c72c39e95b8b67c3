/** After an account was connected: whoever waits for it is told, and nothing that goes wrong then undoes the connecting. */
import { asError } from '../base/error.ts'
import type { ConnectorView } from './service-face.ts'

/** `onConnected`: tells the running server. What it throws stands in the detail of the view. */
export async function tellServer(
  onConnected: () => Promise<void>,
  view: ConnectorView,
): Promise<ConnectorView> {
  try {
    await onConnected()
    return view
  } catch (thrown) {
    const note = `the running server could not be told (${asError(thrown).message}) and takes it up by itself`
    return { ...view, detail: `${view.detail}; ${note}` }
  }
}
