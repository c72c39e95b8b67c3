/**
 * Builds the page after an install in a checkout, so that the server has it with no further step. Plain JavaScript, since
 * any Node may run it; an install without development dependencies leaves the page out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const vite = new URL('../node_modules/vite/bin/vite.js', import.meta.url)
if (existsSync(vite)) {
  const built = spawnSync('npm', ['run', '-s', 'build:web'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  process.exitCode = built.status ?? 1
}
