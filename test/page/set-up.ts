/** Before the tests of the page: a browser, and the page as its source is now. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { installBrowser, whyNoBrowser } from '../support/chromium.ts'

const root = join(import.meta.dirname, '../..')

export function setup(): void {
  installBrowser()
  const reason = whyNoBrowser()
  if (reason !== undefined) {
    process.stdout.write(`The tests of the page are skipped: ${reason}\n`)
    return
  }
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  execFileSync(process.execPath, [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  })
}
