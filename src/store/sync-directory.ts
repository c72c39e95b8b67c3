/** Makes names in a directory durable: a file whose name is not on the disk is lost with the power. */
import fs from 'node:fs/promises'

/** Windows has no fsync of directories; there NTFS journals the names itself. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await fs.open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
