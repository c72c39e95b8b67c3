/** One connection on its own: what a command that names none, a script or a test works with. */
import { type InstallationOptions, openInstallation } from './open-installation.ts'
import type { Service } from './service-face.ts'

export type ServiceOptions = InstallationOptions

/** The connection that `options.connection` names, or the default one. Throws as `openInstallation` and its `connection`. */
export async function openService(options: ServiceOptions): Promise<Service> {
  const installation = await openInstallation(options)
  try {
    return installation.connection()
  } catch (error) {
    await installation.close()
    throw error
  }
}
