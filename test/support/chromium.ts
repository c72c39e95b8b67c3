/**
 * A real Chromium for tests: the one TAJO_TEST_CHROMIUM names, Debian's, or Playwright's own where it was installed. Where
 * there is none and this may install packages, Debian's is installed.
 */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const DEBIAN = '/usr/bin/chromium'

/** Nothing of the browser's own goes over the network, and no sandbox where tests run as root. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function findBrowser(): string | undefined {
  const given = process.env.TAJO_TEST_CHROMIUM
  if (given) return given
  return [DEBIAN, chromium.executablePath()].find((path) => path !== '' && fs.existsSync(path))
}

/** Why no browser can be had here; undefined when one can. */
export function whyNoBrowser(): string | undefined {
  if (findBrowser() !== undefined) return undefined
  return 'no Chromium: set TAJO_TEST_CHROMIUM, or install chromium (with apt-get as root this is tried)'
}

/** With a font for Korean, without which pictures of the page would show boxes. */
export function installBrowser(): void {
  if (findBrowser() !== undefined || process.getuid?.() !== 0) return
  for (const args of [
    ['update'],
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'],
  ]) {
    const { status } = spawnSync('apt-get', args, { stdio: 'ignore' })
    if (status !== 0) return
  }
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error(whyNoBrowser())
  return chromium.launch({ executablePath, args: FLAGS })
}
