/** Where the page begins: the language first, so that nothing is ever drawn in another. */
import './styles.ts'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createLanguage } from './language/language.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
const language = await createLanguage()
createRoot(root).render(<App language={language} />)
