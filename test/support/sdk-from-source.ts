/** For `node --import`: `@tajo/sdk` is the source of this checkout, and packages are found from here wherever the program is. */
import { registerHooks } from 'node:module'

const root = new URL('../../', import.meta.url)

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@tajo/sdk') return next(new URL('src/sdk/index.ts', root).href, context)
    const isPackage = /^[@a-z]/.test(specifier) && !specifier.startsWith('node:') && !URL.canParse(specifier)
    const isOutside = context.parentURL !== undefined && !context.parentURL.startsWith(root.href)
    return next(specifier, isPackage && isOutside ? { ...context, parentURL: root.href } : context)
  },
})
